import { ask } from '../../api/hooks.ts';
import { PickRolesDocument } from '../../generated/graphql.ts';
import type { Find, Pick } from '../../ui/picker.tsx';

/** How many a picker shows before one has to type more. */
const SHOWN = 20;

/** Finds roles for a picker. */
export const findRoles: Find = async (text) => {
  const { roles } = await ask(PickRolesDocument, { search: text || null, limit: SHOWN + 1 });
  const found = roles ?? [];
  return { found: found.slice(0, SHOWN).map(pickOf), more: found.length > SHOWN };
};

export function pickOf({
  documentId,
  name,
  description,
}: {
  readonly documentId: string;
  readonly name: string;
  readonly description?: string | null;
}): Pick {
  return { id: documentId, label: name, ...(description && { hint: description }) };
}
