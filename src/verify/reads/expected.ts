import type { Access, Scene } from '../access.ts';
import { type Expected, Nulled } from '../questions.ts';
import type { Shape, ShownColumn, ShownRelation } from '../shapes.ts';

/** The most that a list answers. */
export const ALL = 'pagination: { limit: -1 }';

export type Shown = (access: Access) => unknown;

/** What comes back for an action: refused without it. */
export function expect(access: Access | undefined, action: string, make: Shown): Expected {
  if (!access) return { kind: 'refused', action };
  try {
    return { kind: 'data', data: make(access) };
  } catch (error) {
    if (error instanceof Nulled) return { kind: 'forbidden', data: null };
    throw error;
  }
}

/** A cell, in a row that is seen. */
export function cell(access: Access, value: unknown, { name, kind, required }: ShownColumn): unknown {
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

/** The error for a name that is none, and for one that is hidden. */
export function invalid(path: readonly string[]): Expected {
  const last = path.at(-1) ?? '';
  return {
    kind: 'invalid',
    message: path.length > 1 ? `Invalid key ${last} at ${path.join('.')}` : `Invalid key ${last}`,
  };
}

/** Relations to types that have a shape, and whose rows are found by their own `find`. */
export function relationsIn({ shapes }: Pick<Scene, 'shapes'>, shape: Shape): ShownRelation[] {
  return [...shape.relations.values()].filter(({ target }) => shapes.get(target)?.relatedOnly === false);
}
