import type { Grant } from '../authorization/grants.ts';
import type { GeneratedRelation } from '../database/models.ts';
import { accessTo, bound, existsFor, grantsFor, matches, type Scene } from './access.ts';
import type { Shape } from './shapes.ts';
import type { Row } from './world.ts';

/* What somebody with grants can write, worked out over rows in memory: after what the API promises. */

export type Data = Readonly<Record<string, unknown>>;

export type Write =
  | { readonly kind: 'create'; readonly data: Data }
  /** Of the one document of a single type also while there is none. */
  | { readonly kind: 'update'; readonly row: Row | undefined; readonly data: Data }
  | { readonly kind: 'delete'; readonly row: Row };

export type Outcome =
  | { readonly kind: 'refused'; readonly code: 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' }
  /** `after`: the values of the row that were sent or set; `grant` allowed it. */
  | { readonly kind: 'written'; readonly after: Data; readonly grant: Grant };

export function outcomeOf(scene: Scene, shape: Shape, write: Write): Outcome {
  const refused = (code: Extract<Outcome, { kind: 'refused' }>['code']): Outcome => ({ kind: 'refused', code });
  const data = write.kind === 'delete' ? {} : write.data;
  const before = write.kind === 'create' ? undefined : write.row;
  const held = grantsFor(scene.holder, `${shape.actions}.${write.kind}`);
  if (!held) return refused('FORBIDDEN');
  const grants: readonly Grant[] = held === 'all' ? [{}] : held;
  const candidates = grants.filter(({ fields, set = {} }) =>
    Object.keys(data).every((name) => (fields?.includes(name) ?? true) && !Object.hasOwn(set, name)),
  );
  if (candidates.length === 0 || !canSend(scene, shape, data)) return refused('FORBIDDEN');
  const allowed = candidates.filter(
    ({ where }) =>
      write.kind === 'create' ||
      (before
        ? scene.world.rows.get(shape.model)?.includes(before) &&
          existsFor(scene, before) &&
          (!where || matches(scene, before, where))
        : !where),
  );
  if (allowed.length === 0) return refused('NOT_FOUND');
  if (write.kind === 'delete') return { kind: 'written', after: {}, grant: allowed[0] as Grant };
  if (isFaulty(scene, shape, data)) return refused('BAD_USER_INPUT');
  const able = allowed.filter(
    ({ set = {} }) =>
      before || requiredOf(scene, shape).every((name) => data[name] != null || Object.hasOwn(set, name)),
  );
  if (able.length === 0) return refused('BAD_USER_INPUT');
  for (const grant of able) {
    const after = valuesAfter(scene, shape, { ...data, ...stamps(scene, grant) });
    const row: Row = {
      model: shape.model,
      documentId: before?.documentId ?? '(new)',
      values: { ...defaultsOf(scene, shape), ...before?.values, ...after },
    };
    const check = grant.check ?? grant.where;
    if (existsFor(scene, row) && (!check || matches(scene, row, check))) return { kind: 'written', after, grant };
  }
  return refused('FORBIDDEN');
}

/** Whether these names can be sent at all: unique values that can be read, documents of types that can be found. */
function canSend(scene: Scene, shape: Shape, data: Data): boolean {
  const { models, shapes } = scene;
  const model = models.byName[shape.model];
  const find = accessTo(scene, shape, 'find');
  const columnsOf = (name: string) => {
    const field = model?.fields[name];
    return field?.kind === 'object' ? field.from : [name];
  };
  const alone = Object.entries(model?.fields ?? {})
    .filter(([, field]) => field.kind !== 'object' && field.unique)
    .map(([name]) => [name]);
  const constraints = [
    ...alone,
    ...(model?.uniqueTogether ?? []),
    ...((model?.key.length ?? 0) > 1 ? [model?.key ?? []] : []),
  ];
  const sent = Object.keys(data).filter((name) => data[name] !== null);
  const touched = new Set(
    constraints.filter((names) => sent.some((name) => columnsOf(name).some((column) => names.includes(column)))).flat(),
  );
  const shown = [...shape.columns.keys(), ...shape.relations.keys()];
  const needed = [...sent, ...shown].filter((name) => columnsOf(name).some((column) => touched.has(column)));
  if (!needed.every((name) => find?.knows(name))) return false;
  return Object.keys(data).every((name) => {
    const field = model?.fields[name];
    const target = field?.kind === 'object' ? shapes.get(field.type) : undefined;
    if (field?.kind !== 'object' || !target) return true;
    if (!grantsFor(scene.holder, `${target.actions}.find`)) return false;
    if (!hasKeyThere(scene, shape.model, field)) return true;
    return grantsFor(scene.holder, `${target.actions}.update`) === 'all' && !target.where;
  });
}

/** Whether the key of a relation is in the rows of the other type. */
function hasKeyThere({ models }: Scene, model: string, { type, relation, from }: GeneratedRelation): boolean {
  if (from.length > 0) return false;
  const sides = Object.values(models.byName[type]?.fields ?? {});
  return sides.some(
    (side) => side.kind === 'object' && side.relation === relation && side.type === model && side.from.length > 0,
  );
}

/** Null for what is never null, and documents that the viewer does not find. */
function isFaulty(scene: Scene, shape: Shape, data: Data): boolean {
  return Object.entries(data).some(([name, value]) => {
    const relation = shape.relations.get(name) ?? relationOf(scene, shape, name);
    if (!relation) return value === null && (scene.models.byName[shape.model]?.fields[name]?.required ?? false);
    if (value === null) return relation.required && !relation.many;
    const target = scene.shapes.get(relation.target);
    const find = target && accessTo(scene, target, 'find');
    return ![value]
      .flat()
      .every((id) =>
        (scene.world.rows.get(relation.target) ?? []).some((row) => row.documentId === id && find?.sees(row)),
      );
  });
}

function relationOf({ models }: Scene, { model }: Shape, name: string) {
  const field = models.byName[model]?.fields[name];
  return field?.kind === 'object' ? { target: field.type, many: field.list, required: field.required } : undefined;
}

/** What a create has to have. */
export function requiredOf({ models }: Pick<Scene, 'models'>, { model, write }: Shape): string[] {
  const fields = models.byName[model]?.fields ?? {};
  return write.filter((name) => {
    const field = fields[name];
    if (
      !field?.required ||
      (field.kind !== 'object' && (field.list || field.hasDefault || field.generated || field.updatedAt))
    )
      return false;
    return field.kind !== 'object' || !field.list;
  });
}

function stamps(scene: Scene, { set = {} }: Grant): Data {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => [
      name,
      value === '$user' ? scene.holder.account?.documentId : bound(scene, value),
    ]),
  );
}

/** Values of columns, with the keys of relations to one in place of documents. Links of relations to many are lists of rows. */
function valuesAfter(scene: Scene, shape: Shape, data: Data): Data {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const field = scene.models.byName[shape.model]?.fields[name];
    if (field?.kind !== 'object') {
      values[name] = field?.type === 'DateTime' && typeof value === 'string' ? new Date(value) : value;
      continue;
    }
    const rows = (scene.world.rows.get(field.type) ?? []).filter(({ documentId }) =>
      [value].flat().includes(documentId),
    );
    if (field.from.length > 0)
      for (const [index, column] of field.from.entries())
        values[column] = rows[0]?.values[field.to[index] ?? ''] ?? null;
    else if (!hasKeyThere(scene, shape.model, field)) values[name] = rows.map((row) => row.values);
  }
  return values;
}

/** What a new row has without being sent it: as every row of the type that nothing else is known of. */
function defaultsOf({ models }: Scene, { model }: Shape): Data {
  const fields = Object.entries(models.byName[model]?.fields ?? {});
  return Object.fromEntries(
    fields
      .filter(([, field]) => field.kind !== 'object')
      .map(([name, field]) => [
        name,
        field.kind !== 'object' && field.required && field.hasDefault ? (DEFAULTS[field.type] ?? null) : null,
      ]),
  );
}

/** Most models begin so. What differs is undecided, and not wrong. */
const DEFAULTS: Readonly<Record<string, unknown>> = { Boolean: false, Int: 0, Float: 0 };

/**
 * Whether an update can show a column or a relation of the row that it leaves. Of a row that hides it, a column that is never null
 * refuses the whole write; any other is null.
 */
export function canBeShown(
  scene: Scene,
  shape: Shape,
  write: Extract<Write, { kind: 'update' }>,
  name: string,
): boolean {
  const held = grantsFor(scene.holder, `${shape.actions}.update`);
  const names = ({ fields }: Grant) => fields?.includes(name) ?? true;
  const isSent = held === 'all' || (held ?? []).some(names);
  const found = (['find', 'findOne'] as const).map((verb) => accessTo(scene, shape, verb));
  if (!isSent && !found.some((access) => access?.knows(name))) return false;
  const outcome = outcomeOf(scene, shape, write);
  const field = scene.models.byName[shape.model]?.fields[name];
  const isNeverNull = shape.columns.get(name)?.required === true && field?.type !== 'Json';
  if (outcome.kind !== 'written' || !isNeverNull || names(outcome.grant)) return true;
  const row: Row = {
    model: shape.model,
    documentId: write.row?.documentId ?? '(new)',
    values: { ...write.row?.values, ...outcome.after },
  };
  return found.some((access) => access?.sees(row) && access.opens(row, name));
}
