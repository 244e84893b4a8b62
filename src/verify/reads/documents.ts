import { accessTo, type Scene } from '../access.ts';
import type { Question } from '../questions.ts';
import type { Shape } from '../shapes.ts';
import { cell, expect } from './expected.ts';

/** Each row by its documentId: one that is hidden is answered as one that is not there. */
export function documents(scene: Scene, shape: Shape): Question[] {
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
