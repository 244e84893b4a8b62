import type { ContentType } from './content-type.ts';

/** What people call the field that names a document. */
const NAMES: readonly string[] = ['title', 'name', 'label', 'username', 'headline', 'subject'];

/**
 * The field by which people tell one document of a type from another: `title`, `name` and the like, else `siteName`, else what is
 * searched, else the first text that every document has. Where there is none, the documentId.
 */
export function titleOf({ read, search }: Pick<ContentType, 'read' | 'search'>): string {
  const texts = read.flatMap((member) => (member.kind === 'column' && member.type === 'String' ? [member] : []));
  const named = NAMES.find((name) => texts.some((column) => column.name === name));
  const found =
    texts.find(({ name }) => name === named) ??
    texts.find(({ name }) => /(?:Name|Title)$/.test(name)) ??
    texts.find(({ name }) => name === search[0]?.name) ??
    texts.find(({ required }) => required);
  return found?.name ?? 'documentId';
}
