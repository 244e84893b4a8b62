import type { GeneratedColumn, GeneratedModel, Models } from '../../src/database/models.ts';
import { type DeclaredUserFields, userFields } from '../../src/graphql/user-fields/user-fields.ts';
import type { App } from '../../src/start/app.ts';
import { blog } from '../blog/blog.ts';

/** The blog, for users with columns of its own: what prisma/schema/user.prisma would make of its models. */

const COLUMN: GeneratedColumn = {
  kind: 'scalar',
  type: 'String',
  list: false,
  required: false,
  column: '',
  unique: false,
  hasDefault: false,
  generated: null,
  updatedAt: false,
  native: null,
  sizes: [],
};

/** Columns of users, each with what its Prisma field says and its type in SQL. */
export type UserColumns = Readonly<Record<string, readonly [field: Partial<GeneratedColumn>, sql: string]>>;

/** Declares fields of users as plain JavaScript can, without type checking. */
export const declareUserFields = userFields as unknown as (fields: unknown) => DeclaredUserFields;

/** The models of the blog, with these columns of users. */
export function withUserColumns(columns: UserColumns): Models {
  const user = blog.models.byName['User'] as GeneratedModel;
  const fields = Object.fromEntries(
    Object.entries(columns).map(([name, [field]]) => [name, { ...COLUMN, column: name, ...field }]),
  );
  return {
    ...blog.models,
    enums: { ...blog.models.enums, Level: { basic: 'basic', gold: 'gold' } },
    byName: { ...blog.models.byName, User: { ...user, fields: { ...user.fields, ...fields } } },
  };
}

/** What makes the columns. */
export function tablesOf(columns: UserColumns): readonly string[] {
  const added = Object.entries(columns).map(([name, [{ column = name }, sql]]) => `ADD COLUMN "${column}" ${sql}`);
  const uniques = Object.entries(columns)
    .filter(([, [{ unique }]]) => unique)
    .map(([name]) => `CREATE UNIQUE INDEX "users_${name}_key" ON "users"("${name}")`);
  return [`CREATE TYPE "Level" AS ENUM ('basic', 'gold')`, `ALTER TABLE "users" ${added.join(', ')}`, ...uniques];
}

export const CLUB: UserColumns = {
  firstName: [{}, 'TEXT'],
  phone: [{ unique: true }, 'TEXT'],
  birthday: [{ type: 'DateTime', native: 'Date' }, 'DATE'],
  newsletter: [{ type: 'Boolean', required: true, hasDefault: true }, 'BOOLEAN NOT NULL DEFAULT false'],
  points: [{ type: 'Int', required: true, hasDefault: true }, 'INTEGER NOT NULL DEFAULT 0'],
  level: [{ kind: 'enum', type: 'Level', required: true, hasDefault: true }, `"Level" NOT NULL DEFAULT 'basic'`],
  balance: [{ type: 'Decimal', native: 'Decimal', sizes: ['8', '2'] }, 'DECIMAL(8,2)'],
  visits: [{ type: 'BigInt' }, 'BIGINT'],
  rating: [{ type: 'Float' }, 'DOUBLE PRECISION'],
  seenAt: [{ type: 'DateTime', native: 'Timestamptz', sizes: ['3'] }, 'TIMESTAMPTZ(3)'],
  wakesAt: [{ type: 'DateTime', native: 'Time', sizes: ['3'] }, 'TIME(3)'],
  tags: [{ list: true }, 'TEXT[]'],
  numbers: [{ type: 'Int', list: true }, 'INTEGER[]'],
  looks: [{ type: 'Json' }, 'JSONB'],
  photo: [{ type: 'Bytes' }, 'BYTEA'],
  remark: [{ column: 'staff_remark' }, 'TEXT'],
  taxNumber: [{}, 'TEXT'],
  origin: [{}, 'TEXT'],
};

const EVERYBODY = ['register', 'me', 'users', 'administrators'] as const;

export const club: App = {
  ...blog,
  models: withUserColumns(CLUB),
  userFields: declareUserFields({
    firstName: { read: ['me', 'users'], write: EVERYBODY, maxLength: 20, required: true, label: 'First name' },
    phone: { read: ['me', 'users'], write: EVERYBODY, format: /\+\d+/ },
    birthday: {
      read: ['me'],
      write: ['register', 'me', 'administrators'],
      validate: (day: string) => (day < '1900-01-01' ? 'birthday must be in living memory' : undefined),
    },
    newsletter: { read: ['me'], write: ['register', 'me', 'administrators'] },
    points: { read: ['me', 'users'], write: ['administrators'], min: 0, max: 1_000 },
    level: { read: ['me'], write: ['administrators'], label: 'What the member pays for.' },
    ...Object.fromEntries(
      ['balance', 'visits', 'rating', 'seenAt', 'wakesAt', 'tags', 'numbers', 'looks', 'photo'].map((name) => [
        name,
        { read: ['me', 'users'], write: ['me', 'users', 'administrators'] },
      ]),
    ),
    remark: { read: [], write: ['administrators'] },
    taxNumber: { read: ['me'], write: ['me'], hidden: true },
    // `origin` is not declared: only code knows it.
  }),
};

export const clubTables = tablesOf(CLUB);
