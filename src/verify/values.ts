import { accessTo } from './access.ts';
import type { Session, Subject } from './session.ts';
import { kindOf, type Shape } from './shapes.ts';

/** Values to send for a column or a relation: ordinary ones, documents that the viewer finds or does not find, and nothing. */
export function valuesFor(session: Session, subject: Subject, shape: Shape, name: string): unknown[] {
  const scene = session.scene(subject);
  const field = scene.models.byName[shape.model]?.fields[name];
  if (!field) return [];
  if (field.kind === 'object') {
    const target = session.shapes.get(field.type);
    if (!target) return [];
    const find = accessTo(scene, target, 'find');
    const among = scene.world.rows.get(field.type) ?? [];
    const ids = [among.find((row) => find?.sees(row)), among.findLast((row) => !find?.sees(row))].flatMap(
      (row) => row?.documentId ?? [],
    );
    const all = [...ids, 'nothing'];
    return field.list ? [...all.map((id) => [id]), []] : [...all, null];
  }
  switch (kindOf(field)) {
    case 'text':
      return [`verify-${name}`, null];
    case 'number':
      return [3, null];
    case 'boolean':
      return [true, false, null];
    case 'time':
      return ['2021-05-05T05:05:05.000Z', null];
    case 'enum':
      return Object.keys(scene.models.enums[field.type] ?? {}).slice(0, 3);
    default:
      return field.required ? [] : [null];
  }
}
