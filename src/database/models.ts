import type { PothosPrismaDatamodel } from '@pothos/plugin-prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';

/**
 * What `npm run generate` makes of a Prisma schema. A server is given it by argument, so that no module of the core imports
 * what is generated, but for types.
 */
export interface Models {
  /** Makes the Prisma client. Whatever else its schema has, it has our models. */
  readonly PrismaClient: new (
    options: ClientOptions,
  ) => object;
  /** What Pothos reads of the schema. */
  readonly datamodel: () => PothosPrismaDatamodel;
  /** Tables, columns and relations of each model, by its name. */
  readonly byName: Readonly<Record<string, GeneratedModel>>;
  /** The values of each enum, and what each is called in the database. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

type ClientOptions = ConstructorParameters<typeof PrismaClient>[0];

export interface GeneratedModel {
  readonly table: string;
  /** The schema of PostgreSQL that the table is in; null: the default one. */
  readonly schema: string | null;
  /** A view: its rows are read only. */
  readonly view?: true;
  /** The fields of the primary key. */
  readonly key: readonly string[];
  readonly uniqueTogether: readonly (readonly string[])[];
  /** The names that constraints over several columns have in Prisma's `where`, where the schema gives them one: by `a_b`. */
  readonly together?: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, GeneratedField>>;
  /** Columns of types that Prisma does not know, by their names in the database. No statement names them. */
  readonly unsupported?: readonly string[];
}

export type GeneratedField = GeneratedColumn | GeneratedRelation;

export interface GeneratedColumn {
  readonly kind: 'scalar' | 'enum' | 'unsupported';
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly column: string;
  readonly unique: boolean;
  readonly hasDefault: boolean;
  /** A default that the server computes for a new row; null: it has none, or the database has it. */
  readonly generated: GeneratedDefault | null;
  /** @updatedAt: the time of the last write. */
  readonly updatedAt: boolean;
  /** The type after @db., and its numbers: VarChar and 100. */
  readonly native: string | null;
  readonly sizes: readonly string[];
}

/** `cuid(2)`: the function, and its number, which is a version or a length. */
export interface GeneratedDefault {
  readonly by: 'now' | 'cuid' | 'uuid' | 'ulid' | 'nanoid';
  readonly number: number | null;
}

export interface GeneratedRelation {
  readonly kind: 'object';
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  /** The relation's name, which both of its sides have. */
  readonly relation: string;
  /** The fields of this model that hold the key, and those of the other that they refer to; empty on the other side. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** A view that links the rows, in place of a key: its columns that refer to this model and to the other. Prisma has no such relations. */
  readonly through?: { readonly view: string; readonly here: string; readonly there: string };
}
