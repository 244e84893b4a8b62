import type { OutputRef } from '@pothos/core';
import type { Decimal } from '@prisma/client/runtime/client';
import type { TransactionOfApp } from '../../../register.ts';
import type { Context } from '../../context.ts';
import type { PaginationArgument } from '../arguments/pagination.ts';
import type { Operator } from '../filter.ts';
import type { ColumnOf, ModelTypes, RelationOf } from '../model.ts';

/** The types that Pothos generates for all models. */
export type TypesOfModels<Types> = { readonly [Name in keyof Types]: ModelTypes };

/**
 * Content for code of the project, as its viewer has it through the generated fields: the same permissions, rules, hooks, validation
 * and errors. Each function takes the context of the operation.
 *
 * - FORBIDDEN without the action, as the generated field has it; NOT_FOUND for a document that the viewer cannot write.
 * - BAD_USER_INPUT with all validation errors of the data, each at its path.
 * - Of what it returns, a column that the viewer cannot read is null, or absent if they can read it in no row.
 */
export interface ContentFunctions<Types extends TypesOfModels<Types>> {
  /** Creates a document. What is in `select` is read of it afterwards. */
  create<Name extends ModelName<Types>, Selected extends ColumnOf<Types[Name]> = never>(
    model: Name,
    data: ContentData<Types[Name]>,
    context: Context,
    options?: WriteOptions<Types[Name], Selected>,
  ): Promise<ContentDocument<Types[Name], Selected>>;
  /** Updates a document. `documentId` is null for the one of a single type, which is created where it is not there. */
  update<Name extends ModelName<Types>, Selected extends ColumnOf<Types[Name]> = never>(
    model: Name,
    documentId: string | null,
    data: ContentData<Types[Name]>,
    context: Context,
    options?: WriteOptions<Types[Name], Selected>,
  ): Promise<ContentDocument<Types[Name], Selected>>;
  /** Deletes a document, and returns its documentId. */
  delete<Name extends ModelName<Types>>(model: Name, documentId: string | null, context: Context): Promise<string>;
  /** A document; null if there is none that the viewer can find. */
  findOne<Name extends ModelName<Types>, Selected extends ColumnOf<Types[Name]> = ColumnOf<Types[Name]>>(
    model: Name,
    documentId: string | null,
    context: Context,
    options?: { readonly select?: readonly Selected[] },
  ): Promise<ContentDocument<Types[Name], Selected> | null>;
  /** A page of the documents that the viewer can find: the first ten, without `pagination`. */
  findMany<Name extends ModelName<Types>, Selected extends ColumnOf<Types[Name]> = ColumnOf<Types[Name]>>(
    model: Name,
    options: FindOptions<Types, Name, Selected>,
    context: Context,
  ): Promise<ContentDocument<Types[Name], Selected>[]>;
}

/** The same, and what is only outside of a transaction. */
export interface Content<Types extends TypesOfModels<Types>> extends ContentFunctions<Types> {
  /**
   * Writes together or not at all: what `work` throws undoes all of it. It works with the functions and the client that it is
   * given, for at most ten seconds, and runs again where the database ended it for a deadlock.
   */
  transaction<T>(
    context: Context,
    work: (content: ContentFunctions<Types>, prisma: TransactionOfApp) => Promise<T>,
  ): Promise<T>;
  /** The GraphQL type of a model, for a field that returns its documents: `t.field({ type: content.type('Post') })`. */
  type<Name extends ModelName<Types>>(model: Name): OutputRef<ContentDocument<Types[Name], never>>;
}

type ModelName<Types> = keyof Types & string;

/** The fields of a document that clients can write, under the same names. Values are as Prisma has them, or as clients send them. */
export type ContentData<Model extends ModelTypes> = ColumnData<Model> & {
  /** The documentId of another document, or a list of them. */
  readonly [Relation in RelationOf<Model>]?: string | readonly string[] | null | undefined;
};

type ColumnData<Model extends ModelTypes> = {
  readonly [Name in ColumnOf<Model>]?: Given<Model['Shape'][Name & keyof Model['Shape']]> | null | undefined;
};

type Given<Value> = Value extends Decimal
  ? Value | string | number
  : Value extends bigint | Date | Uint8Array
    ? Value | string
    : Value extends readonly (infer One)[]
      ? readonly Given<One>[]
      : Value;

export interface WriteOptions<Model extends ModelTypes, Selected extends string> {
  /**
   * Columns that the server sets beside what is sent, also those that clients cannot write. As with what a hook sets, the `fields` of
   * a grant are not asked; what a grant sets replaces it, and conditions and checks of grants are asked of the result.
   */
  readonly set?: Omit<ColumnData<Model>, 'id' | 'documentId'>;
  /** Columns to read of the document as it was written. */
  readonly select?: readonly Selected[];
}

/** A document as far as the viewer can read it. A field that returns it shows no more of it. */
export type ContentDocument<Model extends ModelTypes, Selected extends string> = { readonly documentId: string } & {
  readonly [Name in Selected & keyof Model['Shape']]?: Model['Shape'][Name] | null;
};

export interface FindOptions<Types extends TypesOfModels<Types>, Name extends ModelName<Types>, Selected> {
  readonly filters?: ContentFilters<Types, Name> | undefined;
  readonly sort?: SortOf<Types[Name]> | readonly SortOf<Types[Name]>[] | undefined;
  readonly pagination?: PaginationArgument | undefined;
  readonly search?: string | undefined;
  /** Columns to read. Default: all that the viewer can. */
  readonly select?: readonly Selected[];
}

/** `filters`, as the lists of clients have them. */
export type ContentFilters<Types extends TypesOfModels<Types>, Name extends ModelName<Types>> = {
  readonly [C in ColumnOf<Types[Name]>]?: Compared<Types[Name]['Shape'][C & keyof Types[Name]['Shape']]> | null;
} & {
  readonly [R in RelationOf<Types[Name]>]?: ContentFilters<
    Types,
    TargetOf<Types[Name]['Relations'][R & keyof Types[Name]['Relations']]> & ModelName<Types>
  > | null;
} & {
  readonly documentId?: Compared<string>;
  readonly and?: readonly ContentFilters<Types, Name>[];
  readonly or?: readonly ContentFilters<Types, Name>[];
  readonly not?: ContentFilters<Types, Name>;
};

type TargetOf<Relation> = Relation extends { readonly Name: infer Name } ? Name : never;

type Compared<Value> = {
  readonly [O in Exclude<Operator, 'null'>]?: Given<Value> | readonly Given<Value>[] | string | boolean | null;
} & { readonly null?: boolean; readonly notNull?: boolean; readonly not?: Compared<Value> };

type SortOf<Model extends ModelTypes> =
  | `${ColumnOf<Model>}${Direction}`
  | `${RelationOf<Model>}.${string}`
  | `documentId${Direction}`;
type Direction = '' | ':asc' | ':desc';
