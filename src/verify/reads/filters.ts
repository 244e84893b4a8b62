import { accessTo, type Scene, viewOf } from '../access.ts';
import { evaluate, type Filters } from '../evaluate.ts';
import type { Question } from '../questions.ts';
import type { Shape, ShownColumn } from '../shapes.ts';
import { ALL, invalid, relationsIn } from './expected.ts';

/** A column is compared with values that rows have, seen or hidden; one that cannot be read is refused as a name that is none. */
export function filters(scene: Scene, shape: Shape): Question[] {
  const access = accessTo(scene, shape, 'find');
  if (!access) return [refusedFilter()];
  const view = viewOf(scene);
  const rows = (scene.world.rows.get(shape.model) ?? []).filter(access.sees);
  const questions: Question[] = [];

  function refusedFilter(): Question {
    return {
      field: `${shape.plural}_connection(filters: { documentId: { notNull: true } }) { pageInfo { total } }`,
      expected: { kind: 'refused', action: `${shape.actions}.find` },
    };
  }

  function ask(filters: Filters, written: string, problem: readonly string[] | undefined): void {
    const passing = problem ? [] : rows.filter((row) => evaluate(shape.model, row, filters, view) === true);
    questions.push({
      field: `${shape.plural}_connection(filters: ${written}, ${ALL}) { nodes { documentId } pageInfo { total } }`,
      expected: problem
        ? invalid(problem)
        : {
            kind: 'data',
            data: { nodes: passing.map(({ documentId }) => ({ documentId })), pageInfo: { total: passing.length } },
          },
    });
  }

  for (const column of shape.columns.values()) {
    const problem = access.knows(column.name) ? undefined : [column.name];
    for (const condition of conditionsOf(scene, shape, column)) {
      const one = { [column.name]: condition };
      ask(one, literal(one, column), problem);
    }
    const [first] = conditionsOf(scene, shape, column);
    if (first) ask({ not: { [column.name]: first } }, literal({ not: { [column.name]: first } }, column), problem);
  }
  for (const relation of relationsIn(scene, shape)) {
    const target = scene.shapes.get(relation.target) as Shape;
    const there = accessTo(scene, target, 'find');
    const closed = access.knows(relation.name) && there ? undefined : [relation.name];
    ask({ [relation.name]: null }, `{ ${relation.name}: null }`, closed);
    for (const column of target.columns.values()) {
      const problem = closed ?? (there?.knows(column.name) ? undefined : [relation.name, column.name]);
      const conditions = conditionsOf(scene, target, column);
      for (const condition of [conditions[0], conditions.at(-1)].filter((one) => one !== undefined)) {
        const one = { [relation.name]: { [column.name]: condition } };
        ask(one, literal(one, column), problem);
      }
    }
  }
  return questions;
}

/** Conditions on a column, with values of different rows. */
function conditionsOf({ world }: Scene, { model }: Shape, { name, kind }: ShownColumn): Filters[] {
  if (kind === 'other') return [{ null: true }, { notNull: true }];
  const values = (world.rows.get(model) ?? []).map((row) =>
    name === 'documentId' ? row.documentId : row.values[name],
  );
  const known = [...new Map(values.filter((value) => value != null).map((value) => [String(value), value])).values()];
  const [first, second = first] = known;
  const last = known.at(-1);
  const nothing = [{ null: true }, { notNull: true }];
  if (first === undefined) return nothing;
  const equal = [{ eq: last }, { eq: first }, { ne: first }, { in: [first, last] }, { notIn: [second] }, ...nothing];
  if (kind === 'boolean' || kind === 'enum' || kind === 'id') return equal;
  const ordered = [{ gt: second }, { lte: second }, { between: [first, last] }];
  if (kind !== 'text') return [...equal, ...ordered];
  const part = String(last).slice(1);
  return [
    ...equal,
    ...ordered,
    { contains: part },
    { containsi: part.toUpperCase() },
    { startsWith: String(first).slice(0, -1) },
    { endsWith: part },
  ];
}

/** As GraphQL writes it: an enum's value without quotes. */
function literal(value: unknown, column: Pick<ShownColumn, 'kind'>): string {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, column)).join(', ')}]`;
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (typeof value === 'object' && value !== null) {
    const inner = Object.entries(value).map(([key, one]) => `${key}: ${literal(one, column)}`);
    return `{ ${inner.join(', ')} }`;
  }
  return column.kind === 'enum' && typeof value === 'string' ? value : JSON.stringify(value);
}
