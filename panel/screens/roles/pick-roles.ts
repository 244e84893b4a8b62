import { ask } from '../../api/hooks.ts';
import { FindRolesDocument, FindUsersDocument } from '../../generated/graphql.ts';
import type { Find } from '../../ui/picker.tsx';

/** How many a picker shows before one has to type more. */
const SHOWN = 10;

/** Finds roles for a picker, without one of them. */
export function findRoles(except?: string): Find {
  return async (text) => {
    const { roles } = await ask(FindRolesDocument, { search: text || null });
    const found = (roles ?? []).filter(({ documentId }) => documentId !== except);
    return {
      found: found.slice(0, SHOWN).map(({ documentId, name, type }) => ({ id: documentId, label: name, hint: type })),
      more: found.length > SHOWN,
    };
  };
}

/** Finds users for a picker. */
export const findUsers: Find = async (text) => {
  const { users } = await ask(FindUsersDocument, { search: text || null });
  const found = users ?? [];
  return {
    found: found
      .slice(0, SHOWN)
      .map(({ documentId, username, email }) => ({ id: documentId, label: username, hint: email })),
    more: found.length > SHOWN,
  };
};
