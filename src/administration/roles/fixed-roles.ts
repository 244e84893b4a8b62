import type { RoleRow } from './find-role.ts';

/** Public is for requests without a credential, and new roles are modelled on Authenticated: both always exist. */
const FIXED: readonly string[] = ['public', 'authenticated'];

export function isFixed({ type }: Pick<RoleRow, 'type'>): boolean {
  return FIXED.includes(type);
}
