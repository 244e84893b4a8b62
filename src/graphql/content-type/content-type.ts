import type PrismaTypes from '../../generated/pothos-types.ts';
import { callingFile } from './calling-file.ts';
import type { ColumnRules } from './column-rules.ts';
import type { AnyModelTypes, Column, ColumnOf, Member, ModelTypes, RelationOf, UniqueField } from './model.ts';

/** What a content type lets out and lets in. A column that is on neither list does not exist for any client. */
export interface ContentTypeDeclaration<Model extends ModelTypes> {
  /** Columns and relations that clients read, filter and sort by. `documentId` is always there. */
  readonly read: readonly (ColumnOf<Model> | RelationOf<Model>)[];
  /** Columns and relations that clients set with create and update; none: the type is only read, and nobody deletes either. */
  readonly write: readonly (ColumnOf<Model> | RelationOf<Model>)[];
  /** What its columns are called and may hold, where the Prisma model cannot say so. */
  readonly columns?: { readonly [C in ColumnOf<Model>]?: ColumnRules };
  /** The name of the list field, where the regular English plural is not the right one. */
  readonly plural?: string;
  /** Columns of text that the argument `search` of its lists looks through; without them it has no such argument. */
  readonly search?: readonly ColumnOf<Model>[];
  /** The name of its GraphQL type, where it is not the model's; its fields are called after it. */
  readonly name?: string;
  /** The first half of its actions, where it is not the model's name: `user` for `user.find`. */
  readonly actions?: string;
  /** That its numeric id is exposed, and takes the place of the documentId where a client asks for one document. */
  readonly numericId?: boolean;
  /** That it has no queries of its own, either: clients come to it from what it belongs to. */
  readonly relatedOnly?: boolean;
}

/** A content type as its file declares it. Which columns and relations it names is looked up when a server is made of it. */
export interface DeclaredContentType {
  /** Where it was declared, for whoever has to mend it. */
  readonly file: string;
  readonly kind: ContentType['kind'];
  readonly model: string;
  readonly declaration: ContentTypeDeclaration<AnyModelTypes>;
}

/** A content type: one Prisma model as a guarded type, with its queries and mutations. */
export interface ContentType {
  /** Where it was declared, for whoever has to mend it. */
  readonly file: string;
  /** Many documents, or the only one there is. */
  readonly kind: 'collection' | 'single';
  readonly model: string;
  readonly table: { readonly schema: string | null; readonly table: string };
  readonly uniqueConstraints: readonly (readonly UniqueField[])[];
  /** `Post`: its GraphQL type. */
  readonly name: string;
  /** `post`: the name of its fields. */
  readonly singular: string;
  readonly plural: string;
  /** `post`: the first half of its actions. */
  readonly actions: string;
  readonly search: readonly Column[];
  readonly numericId: boolean;
  /** That it has no create, update and delete of its own: they are written by hand, or there are none. */
  readonly readOnly: boolean;
  readonly relatedOnly: boolean;
  readonly documentId: Column;
  readonly read: readonly Member[];
  readonly write: readonly Member[];
}

/** Declares a content type of one of these models: a column that is misspelt does not compile. */
export type Declare<Types extends { readonly [Name in keyof Types]: ModelTypes }> = <
  const Name extends keyof Types & string,
>(
  model: Name,
  declaration: ContentTypeDeclaration<Types[Name]>,
) => DeclaredContentType;

/**
 * A content type of many documents: `post`, `posts`, `posts_connection`, `createPost`, `updatePost`, `deletePost`, each
 * with its action.
 */
export const contentType: Declare<PrismaTypes> = (model, declaration) => declared('collection', model, declaration);

/** A content type of one document, the row with id 1: `siteSetting`, `updateSiteSetting`, `deleteSiteSetting`. */
export const singleType: Declare<PrismaTypes> = (model, declaration) => declared('single', model, declaration);

function declared(kind: ContentType['kind'], model: string, declaration: object): DeclaredContentType {
  // What compiled names columns of its model; what did not is told when the models are known.
  return {
    file: callingFile(import.meta.filename),
    kind,
    model,
    declaration: declaration as DeclaredContentType['declaration'],
  };
}
