import { ask } from '../../api/hooks.ts';
import { FindInAuditDocument } from '../../generated/graphql.ts';
import type { Find, Pick } from '../../ui/picker.tsx';
import type { Words } from '../../words/words.ts';

/** How many of each kind a picker shows before one has to type more. */
const OF_EACH = 5;

/** Finds what entries can be by: users, administrators and API tokens; with `roles`, what they can be on. */
export function findInAudit({ audit }: Words, { roles }: { readonly roles: boolean }): Find {
  return async (text) => {
    const answer = await ask(FindInAuditDocument, { text: text || null, limit: OF_EACH + 1, roles });
    const kinds = audit.targetKinds;
    const lists: readonly (readonly Pick[])[] = [
      (answer.users ?? []).map(({ documentId, username, email }) => ({
        id: documentId,
        label: username,
        hint: `${kinds['user']}, ${email}`,
      })),
      (answer.admins ?? []).map(({ documentId, email, name }) => ({
        id: documentId,
        label: email,
        // Without a name of their own, the e-mail is their name too.
        hint: [kinds['admin'], name !== email && name].filter(Boolean).join(', '),
      })),
      (answer.apiTokens ?? []).map(({ documentId, name }) => ({
        id: documentId,
        label: name,
        hint: kinds['apiToken'],
      })),
      (answer.roles ?? []).map(({ documentId, name }) => ({ id: documentId, label: name, hint: kinds['role'] })),
    ];
    return {
      found: lists.flatMap((list) => list.slice(0, OF_EACH)),
      more: lists.some((list) => list.length > OF_EACH),
    };
  };
}
