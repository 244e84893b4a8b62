import { type ColumnOf, lowerFirst, type Member, type ModelName, membersOf, type RelationOf } from './model.ts';
import { pluralOf } from './plural.ts';

/** What a content type lets out and lets in. A column that is on neither list does not exist for any client. */
export interface ContentTypeDeclaration<M extends ModelName> {
  /** Columns and relations that clients read. `documentId` is always there. */
  readonly read: readonly (ColumnOf<M> | RelationOf<M>)[];
  /** Columns and relations that clients set with create and update. */
  readonly write: readonly (ColumnOf<M> | RelationOf<M>)[];
  /** The name of the list field, where the regular English plural is not the right one. */
  readonly plural?: string;
}

/** A content type: one Prisma model as a guarded type, with its queries and mutations. */
export interface ContentType {
  /** Many documents, or the only one there is. */
  readonly kind: 'collection' | 'single';
  readonly model: string;
  /** `post`: the name of its fields, and the first half of its actions. */
  readonly singular: string;
  readonly plural: string;
  readonly read: readonly Member[];
  readonly write: readonly Member[];
}

/**
 * A content type of many documents: `post`, `posts`, `createPost`, `updatePost`, `deletePost`, each with its action.
 *
 * @throws an Error at start for a column whose type has no place in the API by itself.
 */
export function contentType<const M extends ModelName>(model: M, declaration: ContentTypeDeclaration<M>): ContentType {
  return declared('collection', model, declaration);
}

/** A content type of one document, the row with id 1: `siteSetting`, `updateSiteSetting`, `deleteSiteSetting`. */
export function singleType<const M extends ModelName>(model: M, declaration: ContentTypeDeclaration<M>): ContentType {
  return declared('single', model, declaration);
}

function declared<M extends ModelName>(
  kind: ContentType['kind'],
  model: M,
  { read, write, plural }: ContentTypeDeclaration<M>,
): ContentType {
  const singular = lowerFirst(model);
  return {
    kind,
    model,
    singular,
    plural: plural ?? pluralOf(singular),
    read: membersOf(model, [...new Set(['documentId', ...read])]),
    write: membersOf(model, [...new Set(write)]),
  };
}
