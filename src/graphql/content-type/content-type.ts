import { faultsOfDeclaration } from './check-declaration.ts';
import type { ColumnRules } from './column-rules.ts';
import {
  type Column,
  type ColumnOf,
  lowerFirst,
  type Member,
  type ModelName,
  membersOf,
  type RelationOf,
} from './model.ts';
import { pluralOf } from './plural.ts';
import { callingFile, SchemaFault } from './schema-fault.ts';

/** What a content type lets out and lets in. A column that is on neither list does not exist for any client. */
export interface ContentTypeDeclaration<M extends ModelName> {
  /** Columns and relations that clients read, filter and sort by. `documentId` is always there. */
  readonly read: readonly (ColumnOf<M> | RelationOf<M>)[];
  /** Columns and relations that clients set with create and update; none: the type is only read, and nobody deletes either. */
  readonly write: readonly (ColumnOf<M> | RelationOf<M>)[];
  /** What its columns are called and may hold, where the Prisma model cannot say so. */
  readonly columns?: { readonly [C in ColumnOf<M>]?: ColumnRules };
  /** The name of the list field, where the regular English plural is not the right one. */
  readonly plural?: string;
  /** Columns of text that the argument `search` of its lists looks through; without them it has no such argument. */
  readonly search?: readonly ColumnOf<M>[];
  /** The name of its GraphQL type, where it is not the model's; its fields are called after it. */
  readonly name?: string;
  /** The first half of its actions, where it is not the model's name: `user` for `user.find`. */
  readonly actions?: string;
  /** That its numeric id is exposed, and takes the place of the documentId where a client asks for one document. */
  readonly numericId?: boolean;
  /** That it has no queries of its own, either: clients come to it from what it belongs to. */
  readonly relatedOnly?: boolean;
}

/** A content type: one Prisma model as a guarded type, with its queries and mutations. */
export interface ContentType {
  /** Where it was declared, for whoever has to mend it. */
  readonly file: string;
  /** Many documents, or the only one there is. */
  readonly kind: 'collection' | 'single';
  readonly model: string;
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

/**
 * A content type of many documents: `post`, `posts`, `posts_connection`, `createPost`, `updatePost`, `deletePost`, each
 * with its action.
 *
 * @throws SchemaFault at start, in a line for each thing that is wrong with the declaration.
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
  declaration: ContentTypeDeclaration<M>,
): ContentType {
  const file = callingFile(import.meta.filename);
  const faults = faultsOfDeclaration(model, { ...declaration });
  if (faults.length > 0) throw new SchemaFault(faults.map((fault) => `${file}: ${fault}`).join('\n'));
  const { read, write, columns = {}, plural, name = model, actions, search = [], numericId = false } = declaration;
  const { relatedOnly = false } = declaration;
  const singular = lowerFirst(name);
  const rules: Readonly<Record<string, ColumnRules | undefined>> = columns;
  return {
    file,
    kind,
    model,
    name,
    singular,
    plural: plural ?? pluralOf(singular),
    actions: actions ?? lowerFirst(model),
    search: membersOf(model, search, rules).filter((member) => member.kind === 'column'),
    numericId,
    readOnly: write.length === 0,
    relatedOnly,
    documentId: membersOf(model, ['documentId'], rules)[0] as Column, // which its keys were checked to be
    read: membersOf(model, [...new Set(['documentId', ...read])], rules),
    write: membersOf(model, write, rules),
  };
}
