import type { RoleRow } from './find-role.ts';

/** Public is who sends no credential, and Authenticated whom new roles are modelled on: they always exist. */
const FIXED: readonly string[] = ['public', 'authenticated'];

export function isFixed({ type }: Pick<RoleRow, 'type'>): boolean {
  return FIXED.includes(type);
}
