import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ExecutionResult, type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { pino } from 'pino';
import { actionsOf } from '../../src/authorization/guard.ts';
import { type Permissions, permissionsOf } from '../../src/authorization/permissions.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Database } from '../../src/database/open.ts';
import { createGatehouse } from '../../src/gatehouse.ts';
import { type Context, createContext } from '../../src/graphql/context.ts';
import { coerceOperation, readingOf } from '../../src/graphql/operation/coerced-operation.ts';
import { costOf } from '../../src/graphql/operation/cost.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/graphql/operation/limits.ts';
import { createPipeline } from '../../src/graphql/pipeline.ts';
import type { OperationPlugin } from '../../src/graphql/plugins/operation-plugin.ts';
import { openSeeded } from '../../src/start/open-seeded.ts';
import { blog } from '../../test/blog/blog.ts';
import type { BenchDatabase } from '../database.ts';

/** What became of a document. */
export interface Examined {
  /** The code of the refusal; undefined for one that ran. */
  readonly refused: string | undefined;
  /** Milliseconds of processor time that the database took, statement after statement. */
  readonly milliseconds: number;
  readonly statements: number;
  readonly errors: readonly string[];
  /** The slowest of its own statements. */
  readonly slowest: { readonly milliseconds: number; readonly sql: string; readonly values: readonly unknown[] };
}

/** Runs documents as somebody who may do everything that a role can be given, and takes the time of the database. */
export interface Examination extends AsyncDisposable {
  readonly schema: GraphQLSchema;
  /** Why a document is refused; undefined for one that would run. */
  refusalOf(document: string, variables: Record<string, unknown>): Promise<string | undefined>;
  /** What the server reckons that it comes to. */
  costOf(document: string, variables: Record<string, unknown>): number;
  examine(document: string, variables?: Record<string, unknown>): Promise<Examined>;
  /** The rows of one statement, which is not counted. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** The processor time of one statement. */
  take(sql: string, values: readonly unknown[]): Promise<number>;
}

const NONE = { milliseconds: 0, sql: '', values: [] };

/**
 * Opens the example blog for documents to be examined on it.
 *
 * Processor time and not time on the clock: a machine that does something else at the moment has no part in it. Of a
 * server it is that of its one connection, which has to be on this machine (Linux); of the embedded database that of this
 * process while it waits for a statement.
 */
export async function openExamination(
  { location, directory }: BenchDatabase,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Examination> {
  const config = {
    ...readConfig({ DATA_DIR: directory, SEED_DEMO: 'true', JWT_SECRET: randomBytes(48).toString('base64url') }),
    database: location.kind === 'server' ? { ...location, connections: 1 } : location,
    limits,
  };
  const { database } = await openSeeded(config, blog, console.error);
  const start = stopwatchOf(database);
  let total = 0;
  let statements = 0;
  let number = 0;
  let slowest: Examined['slowest'] = NONE;
  let last: Promise<unknown> = Promise.resolve();
  const timed: Database['query'] = <Selected extends object>(sql: string, values: readonly unknown[]) => {
    const run = async () => {
      const used = await start();
      try {
        return await database.query<Selected>(`${sql} /* ${number++} */`, values); // as if none came a second time
      } finally {
        const milliseconds = used();
        total += milliseconds;
        statements++;
        if (milliseconds > slowest.milliseconds) slowest = { milliseconds, sql, values };
      }
    };
    const turn = last.then(run, run); // one after the other, so that each is alone with the clock
    last = turn.catch(() => {});
    return turn;
  };
  const log = pino({ level: 'silent' });
  const gatehouse = await createGatehouse({ ...blog, config, database: { ...database, query: timed }, log });
  const { schema } = gatehouse;
  const permissions = permissionsOf(actionsOf(schema));
  const pipelineWith = (plugins: readonly OperationPlugin[]) =>
    createPipeline({
      schema,
      introspection: true,
      limits,
      persistedQueries: { mode: 'off' },
      log,
      loginFields: [],
      shares: database.shares,
      afterWrite: async () => {},
      onRefused: () => {},
      plugins,
    });
  const pipeline = pipelineWith([]);
  const checksOnly = pipelineWith([{ onExecute: ({ setExecuteFn }) => setExecuteFn(() => ({ data: null })) }]);
  const request = new Request('http://localhost/graphql', { method: 'POST' });

  async function runWith(
    { run }: typeof pipeline,
    query: string,
    variables: Record<string, unknown>,
  ): Promise<ExecutionResult> {
    return await run({ query, variables }, request, contextFor(permissions));
  }

  async function faultOf(query: string, variables: Record<string, unknown>) {
    return (await runWith(checksOnly, query, variables)).errors?.[0];
  }

  return {
    schema,
    async refusalOf(document, variables) {
      const fault = await faultOf(document, variables);
      return fault && String(fault.extensions['code']);
    },
    costOf(query, variables) {
      const coerced = coerceOperation({ schema, document: parse(query), variableValues: variables });
      return costOf(readingOf(coerced), coerced.operation, Number.POSITIVE_INFINITY);
    },
    rows: (sql) => database.query(sql, []),
    async take(sql, values) {
      const used = await start();
      await database.query(sql, values);
      return used();
    },
    async examine(query, variables = {}) {
      const fault = await faultOf(query, variables);
      if (fault) {
        const refused = String(fault.extensions['code']);
        return { refused, milliseconds: 0, statements: 0, errors: [fault.message], slowest: NONE };
      }
      // A mutation writes through Prisma, too, so all of it is counted.
      const writes = getOperationAST(parse(query))?.operation === 'mutation';
      [total, statements, slowest] = [0, 0, NONE];
      const used = await start();
      const { errors = [] } = await runWith(pipeline, query, variables);
      const milliseconds = writes ? used() : total;
      return { refused: undefined, milliseconds, statements, errors: errors.map(({ message }) => message), slowest };
    },
    [Symbol.asyncDispose]: () => gatehouse.close(),
  };
}

function contextFor(permissions: Permissions): Context {
  return createContext({
    viewer: { kind: 'public', roles: ['public'], permissions },
    origin: { address: '127.0.0.1', userAgent: undefined },
    refreshCookie: { token: undefined, set: () => {}, clear: () => {} },
    requestId: 'bench',
    deadline: new AbortController().signal,
  });
}

/** Starts a watch: it tells the milliseconds of processor time that the database has used since. */
function stopwatchOf(database: Database): () => Promise<() => number> {
  if (database.kind === 'embedded') {
    return async () => {
      const before = process.cpuUsage();
      return () => {
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      };
    };
  }
  return async () => {
    // Asked each time: a pool replaces a connection that nobody used for a while.
    const [row] = await database.query('SELECT pg_backend_pid() AS pid', []);
    const used = () => Number(readFileSync(`/proc/${row?.['pid']}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    const before = used();
    return () => used() - before;
  };
}
