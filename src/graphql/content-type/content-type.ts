import type { Condition } from '../../authorization/grants.ts';
import type { ModelTypesOfApp } from '../../register.ts';
import { callingFile } from './calling-file.ts';
import type { ColumnRules } from './column-rules.ts';
import type { Filter } from './filter.ts';
import type { DeclaredHooks } from './hooks/declared-hooks.ts';
import type { ContentHooks } from './hooks/hooks.ts';
import type { Key } from './key.ts';
import type {
  AnyModelTypes,
  Column,
  ColumnOf,
  GeneratedValue,
  Member,
  ModelTypes,
  Relation,
  RelationOf,
  UniqueField,
} from './model.ts';

/** Which fields of a model clients can read and write. No client can see a column that is in neither list. */
export interface ContentTypeDeclaration<Model extends ModelTypes> {
  /** Columns and relations that clients can read, filter and sort by. `documentId` is always included. */
  readonly read: readonly (ColumnOf<Model> | RelationOf<Model>)[];
  /** Columns and relations that clients can set. If empty, the type is read-only: it has no create, update or delete. */
  readonly write: readonly (ColumnOf<Model> | RelationOf<Model>)[];
  /** Labels and validation rules that the Prisma model cannot express. */
  readonly columns?: { readonly [C in ColumnOf<Model>]?: ColumnRules };
  /** The name of the list field, if it is not the regular English plural. */
  readonly plural?: string;
  /**
   * The unique column that its documentIds are, or the columns that they are made of together. Default: the column `documentId`,
   * or the primary key of a model that has none.
   */
  readonly key?: ColumnOf<Model> | readonly ColumnOf<Model>[];
  /** String columns searched by the `search` argument of its lists. Without them, lists have no such argument. */
  readonly search?: readonly ColumnOf<Model>[];
  /** The name of its GraphQL type, and the base of its field names. Default: the name of the model. */
  readonly name?: string;
  /** The prefix of its actions: `user` for `user.find`. Default: the name of the model. */
  readonly actions?: string;
  /** Exposes the numeric id, and accepts it in place of the documentId to query one document. */
  readonly numericId?: boolean;
  /** No root queries: clients reach it only through relations. */
  readonly relatedOnly?: boolean;
  /**
   * A condition that holds on `/graphql` for everybody, whatever their role says, in the language of the rules of permissions:
   * `{ deletedAt: null }`. To everybody else than administrators, other rows do not exist. With `$user`, no row exists for
   * who is not logged in, nor for an API token.
   */
  readonly where?: Condition;
  /** Functions that take part in its writes: they change or refuse the data of a write, or do something afterwards. */
  readonly hooks?: ContentHooks<Model>;
}

/** What can be done with a content type. Each is an action: `post.find`. */
export type Verb = RowVerb | 'create';
/** What can be done with rows that are there. */
export type RowVerb = 'find' | 'findOne' | 'update' | 'delete';

/** A content type as declared in its file. resolveContentTypes() looks up its columns and relations at start. */
export interface DeclaredContentType {
  /** The file that declares it, for error messages. */
  readonly file: string;
  readonly kind: ContentType['kind'];
  readonly model: string;
  readonly declaration: ContentTypeDeclaration<AnyModelTypes>;
}

/** A content type: one Prisma model as a guarded type, with its queries and mutations. */
export interface ContentType {
  /** The file that declares it, for error messages. */
  readonly file: string;
  /** Many documents, or exactly one. */
  readonly kind: 'collection' | 'single';
  readonly model: string;
  readonly table: { readonly schema: string | null; readonly table: string };
  /** What its documentIds are made of. */
  readonly key: Key;
  /** Its rows have `id Int @id`, by which the server knows them; others are known by their documentId. */
  readonly hasId: boolean;
  readonly rowKey: readonly string[];
  readonly uniqueConstraints: readonly (readonly UniqueField[])[];
  /** Relations whose foreign key has a column in common with that of another one, also those that the type does not expose. */
  readonly sharedKeys: readonly Relation[];
  readonly generated: readonly GeneratedValue[];
  /** Its GraphQL type: `Post`. */
  readonly name: string;
  /** The name of its fields: `post`. */
  readonly singular: string;
  readonly plural: string;
  /** The prefix of its actions: `post`. */
  readonly actions: string;
  readonly search: readonly Column[];
  readonly numericId: boolean;
  /** No generated create, update and delete: they are written by hand, or do not exist. */
  readonly readOnly: boolean;
  readonly relatedOnly: boolean;
  readonly documentId: Column;
  readonly read: readonly Member[];
  readonly write: readonly Member[];
  /** What its rows must match for everybody. `ofViewer`: it names a variable of the viewer, who may have no value for it. */
  readonly where: { readonly filter: Filter; readonly ofViewer: 'user' | 'roles' | undefined } | undefined;
  /** The columns that code of the server can set, by name. */
  readonly settable: ReadonlyMap<string, Column>;
  readonly hooks: DeclaredHooks | undefined;
}

/** Declares a content type of one of these models. A misspelt column does not compile. */
export type Declare<Types extends { readonly [Name in keyof Types]: ModelTypes }> = <
  const Name extends keyof Types & string,
>(
  model: Name,
  declaration: ContentTypeDeclaration<Types[Name]>,
) => DeclaredContentType;

/**
 * Declares a content type with many documents: `post`, `posts`, `posts_connection`, `createPost`, `updatePost` and
 * `deletePost`, each with its action.
 */
export const contentType: Declare<ModelTypesOfApp> = (model, declaration) => declared('collection', model, declaration);

/** Declares a content type with one document (id 1): `siteSetting`, `updateSiteSetting` and `deleteSiteSetting`. */
export const singleType: Declare<ModelTypesOfApp> = (model, declaration) => declared('single', model, declaration);

function declared(kind: ContentType['kind'], model: string, declaration: object): DeclaredContentType {
  // Type checked above; what was not compiled is validated at start.
  return {
    file: callingFile(import.meta.filename),
    kind,
    model,
    declaration: declaration as DeclaredContentType['declaration'],
  };
}
