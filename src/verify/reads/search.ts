import { accessTo, type Scene, viewOf } from '../access.ts';
import { evaluate } from '../evaluate.ts';
import type { Question } from '../questions.ts';
import type { Shape } from '../shapes.ts';
import { ALL } from './expected.ts';

/** A text of each row is looked for: it is found only where it can be read. */
export function search(scene: Scene, shape: Shape): Question[] {
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
