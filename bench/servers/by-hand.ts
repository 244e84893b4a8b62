// Floors that ask the database: the driver and one statement, as somebody writes it who needs this answer and no other.
// Nobody is asked who they are.
import type { RequestListener, ServerResponse } from 'node:http';
import pg from 'pg';
import type { DatabaseLocation } from '../../src/database/open.ts';
import { openDatabase } from '../../test/blog/open-database.ts';
import { listen } from './listen.ts';
import { plainYoga } from './plain-yoga.ts';
import { serve, type Written } from './serve.ts';

export interface ByHandOptions {
  readonly location: DatabaseLocation;
  /** Answers with rows that have the fields of the answer. */
  readonly byHand: Written;
  /** The statement that Gatehouse writes: answers with one JSON text, its fields numbered in the order of the question. */
  readonly gatehouses: Written;
  readonly schema: string;
}

serve(async ({ location, byHand, gatehouses, schema }: ByHandOptions) => {
  const database = await open(location);
  let statements = 0;
  const run = (name: string, statement: Written) => {
    statements += 1;
    return database.run(name, statement);
  };
  const posts = async () => {
    const [row] = await run('gatehouses', gatehouses);
    return (JSON.parse(row?.['json'] as string) as Numbered[]).map(post);
  };
  const listeners: Readonly<Record<string, RequestListener>> = {
    '/graphql?byHand': answering(() => run('by-hand', byHand)),
    '/graphql?gatehouses': answering(posts),
    '/graphql?yoga': plainYoga(schema, posts),
  };
  const server = await listen((request, response) => {
    const listener = listeners[request.url ?? ''];
    if (listener) listener(request, response);
    else response.writeHead(404).end();
  });
  return {
    ...server,
    statements: () => statements,
    async close() {
      await server.close();
      await database.close();
    },
  };
});

/** Does not read the question. */
function answering(posts: () => Promise<unknown>): RequestListener {
  const answer = async (response: ServerResponse) => {
    try {
      const body = JSON.stringify({ data: { posts: await posts() } });
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  };
  return (request, response) => void request.resume().once('end', () => answer(response));
}

/** A row of Gatehouse's statement: its key at 0, and then what was asked for. */
type Numbered = Readonly<Record<number, unknown>>;

function post(row: Numbered) {
  return {
    documentId: row[1],
    title: row[2],
    slug: row[3],
    publishedAt: new Date(row[4] as number),
    author: named(row[5] as Numbered),
    category: named(row[6] as Numbered),
    tags: (row[7] as Numbered[]).map(named),
  };
}

function named(row: Numbered) {
  return { name: row[1] };
}

interface OpenDatabase {
  /** Prepares a statement under its name, once for each connection. */
  run(name: string, statement: Written): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** With nothing of ours between; but the embedded database, which prepares nothing, has no other door than ours. */
async function open(location: DatabaseLocation): Promise<OpenDatabase> {
  if (location.kind !== 'server') {
    const { query, close } = await openDatabase(location);
    return { run: (_name, { sql, values }) => query(sql, values), close };
  }
  const pool = new pg.Pool({ connectionString: location.url, max: 10 });
  return {
    run: async (name, { sql, values }) => (await pool.query({ name, text: sql, values: [...values] })).rows,
    close: () => pool.end(),
  };
}
