import type { Holder } from '../../authorization/rules.ts';
import type { RoleRow } from './find-role.ts';

/** Public is for requests without a credential, and new roles are modelled on Authenticated: both always exist. */
const FIXED: readonly string[] = ['public', 'authenticated'];

export function isFixed({ type }: Pick<RoleRow, 'type'>): boolean {
  return FIXED.includes(type);
}

/** Who has the permissions of a role: Public is nobody in particular. */
export function holderOf({ type }: Pick<RoleRow, 'type'>): Holder {
  return type === 'public' ? 'public' : 'role';
}
