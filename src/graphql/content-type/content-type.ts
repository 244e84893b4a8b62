import type { ColumnRules } from './column-rules.ts';
import {
  type Column,
  type ColumnOf,
  checkKeys,
  lowerFirst,
  type Member,
  type ModelName,
  membersOf,
  type RelationOf,
} from './model.ts';
import { pluralOf } from './plural.ts';

/** What a content type lets out and lets in. A column that is on neither list does not exist for any client. */
export interface ContentTypeDeclaration<M extends ModelName> {
  /** Columns and relations that clients read, filter and sort by. `documentId` is always there. */
  readonly read: readonly (ColumnOf<M> | RelationOf<M>)[];
  /** Columns and relations that clients set with create and update. */
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
  /** That it has no create, update and delete of its own: they are written by hand, or there are none. */
  readonly readOnly?: boolean;
}

/** A content type: one Prisma model as a guarded type, with its queries and mutations. */
export interface ContentType {
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
  readonly readOnly: boolean;
  readonly documentId: Column;
  readonly read: readonly Member[];
  readonly write: readonly Member[];
}

/**
 * A content type of many documents: `post`, `posts`, `posts_connection`, `createPost`, `updatePost`, `deletePost`, each
 * with its action.
 *
 * @throws an Error at start for a column whose type has no place in the API by itself, a rule that does not fit its
 * column, and a unique column that is written and not read.
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
  checkKeys(model);
  const { read, write, columns = {}, plural, name = model, actions } = declaration;
  const { search = [], numericId = false, readOnly = false } = declaration;
  const singular = lowerFirst(name);
  const rules: Readonly<Record<string, ColumnRules | undefined>> = columns;
  const readNames = [...new Set(['documentId', ...read])];
  const type: ContentType = {
    kind,
    model,
    name,
    singular,
    plural: plural ?? pluralOf(singular),
    actions: actions ?? lowerFirst(model),
    search: membersOf(model, search, rules).filter((member) => member.kind === 'column'),
    numericId,
    readOnly,
    documentId: membersOf(model, ['documentId'], rules)[0] as Column, // which its keys were checked to be
    read: membersOf(model, readNames, rules),
    write: membersOf(model, [...new Set(write)], rules),
  };
  membersOf(model, Object.keys(rules), rules); // a rule that makes no sense stops the start, wherever its column is used
  for (const member of type.write) {
    // Whoever writes it is told which of its values are taken, and nobody may be told what nobody may read.
    if (member.contested && !readNames.includes(member.name)) {
      throw new Error(`${model}.${member.name} is unique and written: then it has to be read, too`);
    }
  }
  return type;
}
