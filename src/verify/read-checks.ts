import { type Access, accessTo, type Scene, viewOf } from './access.ts';
import { evaluate, type Filters, order } from './evaluate.ts';
import { compareAnswer, type Expected, Nulled, type Question } from './questions.ts';
import type { Session, Subject } from './session.ts';
import type { Shape, ShownColumn, ShownRelation } from './shapes.ts';
import type { Row } from './world.ts';

const ALL = 'pagination: { limit: -1 }';

/** Every way to read a content type: rows, cells, relations, filters, sorts and search. */
export async function checkReads(session: Session, subject: Subject, shape: Shape): Promise<void> {
  const scene = session.scene(subject);
  const questions = shape.kind === 'single' ? ofSingle(scene, shape) : ofCollection(scene, shape);
  // Many in one document: each is a root field with an alias of its own.
  for (let from = 0; from < questions.length; from += AT_ONCE) {
    const some = questions.slice(from, from + AT_ONCE);
    const document = `{ ${some.map(({ field }, index) => `q${index}: ${field}`).join(' ')} }`;
    const answer = await session.ask(subject, document);
    for (const [index, question] of some.entries()) {
      const difference = compareAnswer(answer, `q${index}`, question.expected);
      if (difference) session.differs(subject, `{ ${question.field} }`, difference.expected, difference.got);
    }
  }
}

const AT_ONCE = 60;

function ofSingle(scene: Scene, shape: Shape): Question[] {
  const access = accessTo(scene, shape, 'find');
  const [row] = scene.world.rows.get(shape.model) ?? [];
  const view = viewOf(scene);
  const seen = row && access?.sees(row) ? row : undefined;
  return [...shape.columns.values()].map((column) => ({
    field: `${shape.singular} { ${column.name} }`,
    expected: expect(access, `${shape.actions}.find`, (known) =>
      seen ? cell(known, view.value(seen, column.name), column) : null,
    ),
  }));
}

function ofCollection(scene: Scene, shape: Shape): Question[] {
  return [
    ...lists(scene, shape),
    ...documents(scene, shape),
    ...filters(scene, shape),
    ...sorts(scene, shape),
    ...search(scene, shape),
  ];
}

type Shown = (access: Access) => unknown;

/** What comes back for an action: refused without it. */
function expect(access: Access | undefined, action: string, make: Shown): Expected {
  if (!access) return { kind: 'refused', action };
  try {
    return { kind: 'data', data: make(access) };
  } catch (error) {
    if (error instanceof Nulled) return { kind: 'forbidden', data: null };
    throw error;
  }
}

const PART = Symbol('a part of it is refused');

/** A cell, in a row that is seen. */
function cell(access: Access, value: unknown, { name, kind, required }: ShownColumn): unknown {
  const shown = !access.knows(name) || value === null ? null : show(value, kind);
  if (shown === null && required) throw new Nulled();
  return { [name]: shown };
}

/** A value as an answer has it. */
export function show(value: unknown, kind: ShownColumn['kind']): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'other') return '(a value)';
  return value instanceof Date ? value.toISOString() : value;
}

function lists(scene: Scene, shape: Shape): Question[] {
  const { plural, actions } = shape;
  const action = `${actions}.find`;
  const access = accessTo(scene, shape, 'find');
  const view = viewOf(scene);
  const rows = (scene.world.rows.get(shape.model) ?? []).filter((row) => access?.sees(row));
  const each =
    (make: (row: Row, access: Access) => object): Shown =>
    (known) =>
      rows.map((row) => ({ documentId: row.documentId, ...make(row, known) }));
  /** Every row refuses the same: rows come back without it, and the error is there once. */
  const refusing = (expected: Expected, isRefused: boolean): Expected =>
    isRefused && rows.length > 0 && expected.kind === 'data' ? { kind: 'forbidden', data: expected.data } : expected;

  const questions: Question[] = [
    {
      field: `${plural}(${ALL}) { documentId }`,
      expected: expect(
        access,
        action,
        each(() => ({})),
      ),
    },
    {
      field: `${plural}_connection(${ALL}) { nodes { documentId } pageInfo { total } }`,
      expected: expect(access, action, () => ({
        nodes: rows.map(({ documentId }) => ({ documentId })),
        pageInfo: { total: rows.length },
      })),
    },
  ];
  for (const column of shape.columns.values()) {
    if (column.name === 'documentId') continue;
    const expected = expect(
      access,
      action,
      each((row, known) => cell(known, view.value(row, column.name), column) as object),
    );
    questions.push({
      field: `${plural}(${ALL}) { documentId ${column.name} }`,
      expected: refusing(expected, !access?.knows(column.name)),
    });
  }
  for (const relation of relationsIn(scene, shape)) questions.push(...ofRelation(relation));
  return questions;

  function ofRelation({ name, many, target: model }: ShownRelation): Question[] {
    const target = scene.shapes.get(model) as Shape; // one of those with a shape
    const there = accessTo(scene, target, 'find');
    const isRefused = !access?.knows(name) || !there;
    const of = (row: Row) =>
      isRefused ? [] : many ? view.many(row, name) : [view.one(row, name)].filter((one) => one !== null);
    const inner = (row: Row, extra: (row: Row) => object): unknown => {
      if (isRefused) return null;
      const shown = () => of(row).map((one) => ({ documentId: one.documentId, ...extra(one) }));
      try {
        return many ? shown() : (shown()[0] ?? null);
      } catch (error) {
        if (error instanceof Nulled) return PART;
        throw error;
      }
    };
    const asked = (selection: string, extra: (row: Row) => object, partly: boolean): Question => {
      const list = many ? `(${ALL})` : '';
      const expected = expect(
        access,
        action,
        each((row) => ({ [name]: inner(row, extra) })),
      );
      const nulls =
        expected.kind === 'data' &&
        JSON.stringify(expected.data, (_, value) => (value === PART ? '(part)' : value)).includes('"(part)"');
      const data = expected.kind === 'data' ? withoutParts(expected.data) : undefined;
      const refused = isRefused ? rows.length > 0 : partly && rows.some((row) => of(row).length > 0);
      return {
        field: `${plural}(${ALL}) { documentId ${name}${list} ${selection} }`,
        expected: expected.kind === 'data' ? { kind: refused || nulls ? 'forbidden' : 'data', data } : expected,
      };
    };
    return [
      asked('{ documentId }', () => ({}), false),
      ...[...target.columns.values()]
        .filter((column) => column.name !== 'documentId')
        .map((column) =>
          asked(
            `{ documentId ${column.name} }`,
            (row) => (there ? (cell(there, view.value(row, column.name), column) as object) : {}),
            there?.knows(column.name) === false,
          ),
        ),
      ...(many
        ? [
            {
              field: `${plural}(${ALL}) { documentId ${name}_connection(${ALL}) { pageInfo { total } } }`,
              expected: refusing(
                expect(
                  access,
                  action,
                  each((row) => ({
                    [`${name}_connection`]: isRefused ? null : { pageInfo: { total: of(row).length } },
                  })),
                ),
                isRefused,
              ),
            },
          ]
        : []),
    ];
  }
}

function withoutParts(value: unknown): unknown {
  if (value === PART) return null;
  if (Array.isArray(value)) return value.map(withoutParts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutParts(inner)]));
}

/** Relations to types that have a shape, and whose rows are found by their own `find`. */
export function relationsIn({ shapes }: Pick<Scene, 'shapes'>, shape: Shape): ShownRelation[] {
  return [...shape.relations.values()].filter(({ target }) => shapes.get(target)?.relatedOnly === false);
}

/** Each row by its documentId: one that is hidden is answered as one that is not there. */
function documents(scene: Scene, shape: Shape): Question[] {
  const access = accessTo(scene, shape, 'findOne');
  const action = `${shape.actions}.findOne`;
  const found = accessTo(scene, shape, 'find');
  const rows = scene.world.rows.get(shape.model) ?? [];
  const key = (documentId: string) => `${shape.singular}(documentId: ${JSON.stringify(documentId)})`;
  const questions = rows.map((row) => ({
    field: `${key(row.documentId)} { documentId }`,
    expected: expect(access, action, () => (access?.sees(row) ? { documentId: row.documentId } : null)),
  }));
  questions.push({ field: `${key('nothing')} { documentId }`, expected: expect(access, action, () => null) });
  const some = [rows.find((row) => access?.sees(row)), rows.find((row) => access && !access.sees(row))];
  for (const row of some.filter((one) => one !== undefined)) {
    for (const column of shape.columns.values()) {
      if (column.name === 'documentId') continue;
      const isRefused = access?.sees(row) && !access.knows(column.name);
      const expected = expect(access, action, (known) => {
        if (!known.sees(row)) return null;
        const value = known.opens(row, column.name) ? row.values[column.name] : null;
        return cell(known, value ?? null, column);
      });
      questions.push({
        field: `${key(row.documentId)} { ${column.name} }`,
        expected: isRefused && expected.kind === 'data' ? { kind: 'forbidden', data: expected.data } : expected,
      });
    }
  }
  return found || access ? questions : questions.slice(0, 2);
}

function invalid(path: readonly string[]): Expected {
  const last = path.at(-1) ?? '';
  return {
    kind: 'invalid',
    message: path.length > 1 ? `Invalid key ${last} at ${path.join('.')}` : `Invalid key ${last}`,
  };
}

/** A column is compared with values that rows have, seen or hidden; one that cannot be read is refused as a name that is none. */
function filters(scene: Scene, shape: Shape): Question[] {
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

/** By each column and each column of a relation to one; a name that cannot be used is refused as one that is none. */
function sorts(scene: Scene, shape: Shape): Question[] {
  const access = accessTo(scene, shape, 'find');
  if (!access) return [];
  const view = viewOf(scene);
  const rows = (scene.world.rows.get(shape.model) ?? []).filter(access.sees);
  const ask = (
    path: readonly string[],
    read: (row: Row) => unknown,
    problem: readonly string[] | undefined,
  ): Question[] =>
    ['asc', 'desc'].map((direction) => ({
      field: `${shape.plural}(sort: "${path.join('.')}:${direction}", ${ALL}) { documentId }`,
      expected: problem
        ? invalid(problem)
        : { kind: 'sorted', groups: groupsOf(rows, read, direction === 'desc', view) },
    }));
  const questions = ask(['nosuchname'], () => null, ['nosuchname']);
  for (const { name, kind } of shape.columns.values()) {
    if (kind !== 'other')
      questions.push(...ask([name], (row) => view.value(row, name), access.knows(name) ? undefined : [name]));
  }
  for (const { name, target: model, many } of relationsIn(scene, shape)) {
    if (many) continue;
    const target = scene.shapes.get(model) as Shape;
    const there = accessTo(scene, target, 'find');
    const closed = access.knows(name) && there ? undefined : [name];
    for (const column of target.columns.values()) {
      if (column.kind === 'other') continue;
      const problem = closed ?? (there?.knows(column.name) ? undefined : [name, column.name]);
      const read = (row: Row) => {
        const one = view.one(row, name);
        return one && view.value(one, column.name);
      };
      questions.push(...ask([name, column.name], read, problem));
    }
  }
  return questions;
}

/** Rows in the order of a value, those with an equal one together: nothing last going up and first going down. */
function groupsOf(
  rows: readonly Row[],
  read: (row: Row) => unknown,
  isDown: boolean,
  view: Parameters<typeof order>[2],
): string[][] {
  const groups: { value: unknown; ids: string[] }[] = [];
  const compared = rows
    .map((row) => ({ row, value: read(row) }))
    .toSorted((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return order(a.value, b.value, view);
    });
  for (const { row, value } of isDown ? compared.toReversed() : compared) {
    const last = groups.at(-1);
    const isSame =
      last && (value === null || last.value === null ? value === last.value : order(value, last.value, view) === 0);
    if (isSame) last.ids.push(row.documentId);
    else groups.push({ value, ids: [row.documentId] });
  }
  return groups.map(({ ids }) => ids.toSorted());
}

/** A text of each row is looked for: it is found only where it can be read. */
function search(scene: Scene, shape: Shape): Question[] {
  const access = accessTo(scene, shape, 'find');
  if (!access || shape.search.length === 0) return [];
  const view = viewOf(scene);
  const rows = (scene.world.rows.get(shape.model) ?? []).filter(access.sees);
  const texts = (scene.world.rows.get(shape.model) ?? []).flatMap(({ values }) =>
    shape.search.map((name) => values[name]),
  );
  return [...new Set(texts.filter((text) => typeof text === 'string' && text.trim() !== ''))].map((text) => {
    const condition = {
      or: shape.search.filter(access.knows).map((name) => ({ [name]: { containsi: String(text).trim() } })),
    };
    const passing = rows.filter(
      (row) => evaluate(shape.model, row, condition, view) === true && condition.or.length > 0,
    );
    return {
      field: `${shape.plural}(search: ${JSON.stringify(text)}, ${ALL}) { documentId }`,
      expected: { kind: 'data', data: passing.map(({ documentId }) => ({ documentId })) },
    };
  });
}
