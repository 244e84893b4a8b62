import { type Access, accessTo, type Scene, viewOf } from '../access.ts';
import { type Expected, Nulled, type Question } from '../questions.ts';
import type { Shape, ShownRelation } from '../shapes.ts';
import type { Row } from '../world.ts';
import { ALL, cell, expect, relationsIn, type Shown } from './expected.ts';

/** Every cell and every relation, by the list of a type or by the one document of a single type. */
export function cells(scene: Scene, shape: Shape): Question[] {
  const action = `${shape.actions}.find`;
  const access = accessTo(scene, shape, 'find');
  const view = viewOf(scene);
  const rows = (scene.world.rows.get(shape.model) ?? []).filter((row) => access?.sees(row));
  const isSingle = shape.kind === 'single';
  const asking = (selection: string): string =>
    isSingle ? `${shape.singular} { documentId ${selection} }` : `${shape.plural}(${ALL}) { documentId ${selection} }`;
  const each =
    (make: (row: Row, access: Access) => object): Shown =>
    (known) => {
      const shown = rows.map((row) => ({ documentId: row.documentId, ...make(row, known) }));
      return isSingle ? (shown[0] ?? null) : shown;
    };
  /** Every row refuses the same: rows come back without it, and the error is there once. */
  const refusing = (expected: Expected, isRefused: boolean): Expected =>
    isRefused && rows.length > 0 && expected.kind === 'data' ? { kind: 'forbidden', data: expected.data } : expected;

  const columns = [...shape.columns.values()].filter(({ name }) => name !== 'documentId');
  return [
    {
      field: asking(''),
      expected: expect(
        access,
        action,
        each(() => ({})),
      ),
    },
    ...columns.map((column) => {
      const value = each((row, known) => cell(known, view.value(row, column.name), column) as object);
      return {
        field: asking(column.name),
        expected: refusing(expect(access, action, value), !access?.knows(column.name)),
      };
    }),
    ...relationsIn(scene, shape).flatMap(ofRelation),
  ];

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
      const field = asking(`${name}${many ? `(${ALL})` : ''} ${selection}`);
      const expected = expect(
        access,
        action,
        each((row) => ({ [name]: inner(row, extra) })),
      );
      if (expected.kind !== 'data') return { field, expected };
      const isRefusedSomewhere = isRefused ? rows.length > 0 : partly && rows.some((row) => of(row).length > 0);
      const kind = isRefusedSomewhere || hasParts(expected.data) ? 'forbidden' : 'data';
      return { field, expected: { kind, data: withoutParts(expected.data) } };
    };
    const total = each((row) => ({
      [`${name}_connection`]: isRefused ? null : { pageInfo: { total: of(row).length } },
    }));
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
              field: asking(`${name}_connection(${ALL}) { pageInfo { total } }`),
              expected: refusing(expect(access, action, total), isRefused),
            },
          ]
        : []),
    ];
  }
}

/** The documents of a list and their number. */
export function connection(scene: Scene, shape: Shape): Question {
  const { model, plural, actions } = shape;
  const access = accessTo(scene, shape, 'find');
  const rows = (scene.world.rows.get(model) ?? []).filter((row) => access?.sees(row));
  return {
    field: `${plural}_connection(${ALL}) { nodes { documentId } pageInfo { total } }`,
    expected: expect(access, `${actions}.find`, () => ({
      nodes: rows.map(({ documentId }) => ({ documentId })),
      pageInfo: { total: rows.length },
    })),
  };
}

/** In place of what is null because a part of it is refused. */
const PART = Symbol('a part of it is refused');

function hasParts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === PART;
  return Object.values(value).some(hasParts);
}

function withoutParts(value: unknown): unknown {
  if (value === PART) return null;
  if (Array.isArray(value)) return value.map(withoutParts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutParts(inner)]));
}
