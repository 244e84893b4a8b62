import {
  ColumnTypeEnum,
  type SqlDriverAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { startMigrationEngine } from '../database/migration-engine.ts';

/**
 * Reads the tables, views and enums of a database with Prisma's own engine, as `prisma db pull` does. Nothing is written to it.
 *
 * @returns them as a Prisma schema, with the names that the database has.
 */
export async function introspect(adapter: SqlMigrationAwareDriverAdapterFactory): Promise<string> {
  const files = [{ path: '/adopt/schema.prisma', content: SCHEMA }];
  const engine = await startMigrationEngine(readable(adapter), files);
  try {
    const { schema } = await engine.introspect({
      schema: { files },
      baseDirectoryPath: '/adopt',
      force: true, // what the schema says of a table does not come from an older one
      compositeTypeDepth: -1,
      namespaces: null,
    });
    return schema.files.map(({ content }) => content).join('\n');
  } finally {
    engine.free();
  }
}

const SCHEMA = `generator client {
  provider        = "prisma-client"
  previewFeatures = ["views"]
}

datasource db {
  provider = "postgresql"
}
`;

/** The engine selects columns of PostgreSQL's type "char", which the adapters do not know. */
function readable(adapter: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  const connect = (how: SqlDriverAdapterFactory['connect']) => async () => withChar(await how());
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    connect: connect(() => adapter.connect()),
    connectToShadowDb: connect(() => adapter.connectToShadowDb()),
  };
}

function withChar<Connection extends SqlQueryable>(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, name) {
      if (name === 'queryRaw') return (query: SqlQuery) => queryWithChar(target, query);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Selects such columns as texts. The kind of a constraint is given to the engine as a character: it panics at a text. */
async function queryWithChar(connection: SqlQueryable, query: SqlQuery): Promise<SqlResultSet> {
  const rows = await connection.queryRaw({ ...query, sql: query.sql.replaceAll(OF_TYPE_CHAR, '$&::text') });
  const kind = rows.columnNames.indexOf('constraint_type');
  return { ...rows, columnTypes: rows.columnTypes.map((type, at) => (at === kind ? ColumnTypeEnum.Character : type)) };
}

/** The columns of that type that its queries select. */
const OF_TYPE_CHAR = /\bconstr\.contype(?= AS )|\bcon\.conf(?:del|upd)type(?=,)/g;
