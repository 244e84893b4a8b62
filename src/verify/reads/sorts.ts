import { accessTo, type Scene, viewOf } from '../access.ts';
import { order } from '../evaluate.ts';
import type { Question } from '../questions.ts';
import type { Shape } from '../shapes.ts';
import type { Row } from '../world.ts';
import { ALL, invalid, relationsIn } from './expected.ts';

/** By each column and each column of a relation to one; a name that cannot be used is refused as one that is none. */
export function sorts(scene: Scene, shape: Shape): Question[] {
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
  // One that nobody reads is refused as a name that is none.
  const hidden = Object.keys(scene.models.byName[shape.model]?.fields ?? {}).filter(
    (name) => name !== 'id' && !shape.columns.has(name) && !shape.relations.has(name),
  );
  const questions = ['nosuchname', ...hidden].flatMap((name) => ask([name], () => null, [name]));
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
