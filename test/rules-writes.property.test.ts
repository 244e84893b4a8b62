import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Permission } from '../src/authorization/grants.ts';
import type { Database } from './blog/open-database.ts';
import { openTestDatabase } from './support/database.ts';
import type { Rank } from './support/naive-filter.ts';
import type { Caller } from './support/naive-rules.ts';
import { answerOfWrite, NEW_DOCUMENT, NEW_ID, type Outcome, outcomeOf, type Write } from './support/naive-writes.ts';
import { randomWrite, writingPermissions } from './support/random-rules.ts';
import { createRulesBlog, type RulesBlog, viewerOf } from './support/rules-blog.ts';
import { documentOfWrite } from './support/rules-document.ts';
import {
  NOW,
  readContent,
  replaceContent,
  replaceUsers,
  rolesOf,
  type Tables,
  tablesOf,
  textsIn,
  USERS,
  worldOf,
} from './support/rules-world.ts';
import { rankOf } from './support/text-order.ts';

/*
 * Random writes under random grants, compared with a plain evaluator: what it answers, and what is in the database afterwards. A
 * round is one write. RULES_ROUNDS and RULES_SEED as in rules.property.test.ts.
 */

const ROUNDS = Number(process.env['RULES_ROUNDS'] ?? 3_500) / 2;
/** Without looking for a smaller example. */
const END = process.env['RULES_SHRINK'] === 'off';
const SEED = Number(process.env['RULES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Writes one after the other. */
const IN_A_ROW = 8;
const ON_THE_SAME_ROWS = 100;

const statements: string[] = [];
let database: Database;
let blogs: { readonly declared: boolean; readonly blog: RulesBlog }[];
beforeAll(async () => {
  database = await openTestDatabase({ onStatement: (sql) => statements.push(sql) });
  blogs = [false, true].map((declared) => ({ declared, blog: createRulesBlog(database, { declared }) }));
});
afterAll(() => database?.close());

const ROLES = [['authenticated'], ['editor', 'authenticated'], ['moderator', 'apple']];
const caller: fc.Arbitrary<Caller> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('user' as const),
      user: fc.constantFrom(...USERS),
      roles: fc.constantFrom(...ROLES),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Caller>({ kind: 'public', roles: ['public'] }) },
  { weight: 1, arbitrary: fc.constant<Caller>({ kind: 'token' }) },
);
const writing = fc.record({
  permissions: writingPermissions,
  caller,
  writes: fc.array(randomWrite, { minLength: 1, maxLength: IN_A_ROW }),
});

const seen: Record<string, number> = { rounds: 0 };
const note = (what: string) => {
  seen[what] = (seen[what] ?? 0) + 1;
};

test('what anybody writes under random grants is what a reference implementation says', {
  timeout: 3_600_000,
}, async () => {
  for (let batch = 0; (seen['rounds'] ?? 0) < ROUNDS; batch++) {
    const seed = SEED + batch;
    const { declared, blog } = blogs[seed % blogs.length] as (typeof blogs)[number]; // there are two
    const tables = tablesOf(seed, await rolesOf(database));
    await replaceUsers(database, tables);
    const rank = await rankOf(database, textsIn(tables));
    const property = fc.asyncProperty(writing, async ({ permissions, caller, writes }) => {
      await replaceContent(database, tables);
      await writeAll(blog, { declared, rank, now: NOW }, tables, permissions, caller, writes);
    });
    await fc.assert(property, { seed, numRuns: ON_THE_SAME_ROWS, endOnFailure: END });
  }
  for (const what of ['create', 'update', 'delete', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']) {
    expect(seen[what], what).toBeGreaterThan((seen['rounds'] ?? 0) / 50);
  }
});

async function writeAll(
  blog: RulesBlog,
  around: { readonly declared: boolean; readonly rank: Rank; readonly now: Date },
  before: Tables,
  given: readonly Permission[],
  caller: Caller,
  writes: readonly Write[],
): Promise<void> {
  for (const [action, grants] of given) {
    for (const grant of grants ?? []) expect(blog.rules.isValid(action, grant), JSON.stringify(grant)).toBe(true);
  }
  const viewer = viewerOf(caller, blog.permissionsOf(given, caller.kind));
  let tables = before;
  let { rank } = around;
  for (const write of writes) {
    const outcome = outcomeOf({ ...around, rank, tables }, given, caller, write);
    const { source, variables } = documentOfWrite(write);
    statements.length = 0;
    const { data, errors = [] } = await blog.mutate(source, variables, viewer);
    const sent = [...statements];
    const context = JSON.stringify({ write, outcome: { ...outcome, tables: undefined }, errors, data });
    const stored = await readContent(database);
    note('rounds');
    if (outcome.kind === 'refused') {
      note(outcome.code);
      expect(data?.['w'] ?? null, context).toBeNull();
      const codes = errors.map(({ extensions }) => extensions['code']);
      expect([...new Set(codes)], context).toEqual([outcome.code]);
      expect(stored, context).toEqual(stateOf(tables));
      continue;
    }
    if (write.kind !== 'delete' && (data?.['w'] ?? null) === null) {
      // A selected column that is never null is hidden in the row as it would be: nothing is written.
      expect([...new Set(errors.map(({ extensions }) => extensions['code']))], context).toEqual(['FORBIDDEN']);
      expect(stored, context).toEqual(stateOf(tables));
      const world = worldOf(outcome.tables);
      const of = { ...around, rank: await rankOf(database, textsIn(outcome.tables)), world };
      const row = rowOfWrite(world, write);
      expect(answerOfWrite(of, given, caller, write, { row, grant: outcome.grant }).data, context).toBeNull();
      continue;
    }
    note(write.kind);
    tables = withKeys(outcome, write, stored);
    expect(stored, context).toEqual(stateOf(tables));
    // Relations whose keys are elsewhere, and checks that read them, take a transaction.
    if (!sent.some((sql) => /BEGIN|COMMIT|ROLLBACK/.test(sql))) {
      // Grants that set something are tried one by one.
      const tried = given.flatMap(([, grants]) => grants ?? []).filter(({ set }) => set).length;
      expect(sent.length, sent.join('\n')).toBeLessThanOrEqual(3 + tried);
    }
    if (write.kind === 'delete') {
      expect(data, context).toEqual({ w: { documentId: write.documentId } });
      continue;
    }
    if (write.kind === 'create') rank = await rankOf(database, textsIn(tables));
    const world = worldOf(tables);
    const row = rowOfWrite(world, write);
    const answer = answerOfWrite({ ...around, rank, world }, given, caller, write, { row, grant: outcome.grant });
    expect(JSON.stringify(data?.['w']), context).toBe(JSON.stringify(answer.data));
    expect(
      errors.filter(({ path }) => path?.length === 2).map(({ path }) => path?.[1]),
      context,
    ).toEqual(answer.refused);
  }
}

function rowOfWrite(world: ReturnType<typeof worldOf>, write: Exclude<Write, { kind: 'delete' }>) {
  const row =
    write.kind === 'create'
      ? world[write.type].at(-1)
      : world[write.type].find(({ documentId }) => documentId === write.documentId);
  if (!row) throw new Error('The written row is gone');
  return row;
}

/** What the database is compared with. When something was changed, the evaluator does not say. */
function stateOf(tables: Tables) {
  const of = (rows: Tables['posts']) => rows.map(({ updatedAt: _, ...row }) => row).toSorted((a, b) => a.id - b.id);
  const tagged = tables.tagged.map((pair) => pair.join()).sort();
  return { posts: of(tables.posts), authors: of(tables.authors), tags: of(tables.tags), tagged };
}

/** A new row has the keys that the database gave it. */
function withKeys({ tables }: Extract<Outcome, { kind: 'written' }>, write: Write, stored: Stored): Tables {
  if (write.kind !== 'create') return tables;
  const table = ({ Post: 'posts', Author: 'authors', Tag: 'tags' } as const)[write.type];
  const made = stored[table].at(-1);
  if (!made) throw new Error('There is no new row');
  const { id, documentId } = made;
  const renamed = JSON.stringify({ [table]: tables[table] }).replace(`"${NEW_DOCUMENT}"`, JSON.stringify(documentId));
  const rows = (JSON.parse(renamed) as Pick<Tables, typeof table>)[table];
  const own = (one: number) => (one === NEW_ID ? id : one);
  const changed = { ...tables, [table]: rows.map((row) => ({ ...row, id: own(row.id) })) };
  return {
    ...changed,
    posts: changed.posts.map((post) => (post['authorId'] === NEW_ID ? { ...post, authorId: id } : post)),
    tagged: tables.tagged.map(([post, tag]) => (write.type === 'Tag' ? [post, own(tag)] : [own(post), tag])),
  };
}

type Stored = Awaited<ReturnType<typeof readContent>>;
