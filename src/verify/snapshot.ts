import type { TestServer } from '../testing/test-server.ts';

/** The rows of all content as one text, and a way back to them. */
export interface Content {
  read(): Promise<string>;
  restore(text: string): Promise<void>;
  /** Whether SQL names one of the tables. */
  isTouchedBy(sql: string): boolean;
}

/** The tables of the application: everything in the schema of its content. */
export async function contentOf({ database }: Pick<TestServer, 'database'>): Promise<Content> {
  const { query, prisma, schemas } = database;
  const found = await query<{ name: string; written: string }>(
    `SELECT c.relname AS "name", format('%I.%I', n.nspname, c.relname) AS "written"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
    [schemas.content],
  );
  const parts = found.map(
    ({ name, written }) =>
      `'${name.replaceAll("'", "''")}', (SELECT coalesce(json_agg(r ORDER BY r::text), '[]') FROM (SELECT to_jsonb(t) AS r FROM ${written} t) x)`,
  );
  const sql = `SELECT json_build_object(${parts.join(', ')})::text AS "json"`;
  return {
    async read() {
      if (found.length === 0) return '{}';
      const [row] = await query<{ json: string }>(sql, []);
      return row?.json ?? '{}';
    },
    async restore(text) {
      const rows = JSON.parse(text) as Record<string, unknown[]>;
      await prisma.$transaction(async (transaction) => {
        // Keys between rows are as they were, when all of them are there.
        await transaction.$executeRawUnsafe('SET LOCAL session_replication_role = replica');
        for (const { name, written } of found) {
          await transaction.$executeRawUnsafe(`DELETE FROM ${written}`);
          await transaction.$executeRawUnsafe(
            `INSERT INTO ${written} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${written}, $1::json)`,
            JSON.stringify(rows[name] ?? []),
          );
        }
      });
    },
    isTouchedBy: (text) => found.some(({ name }) => text.includes(`"${name}"`)),
  };
}
