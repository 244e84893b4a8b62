import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Permission } from '../src/authorization/grants.ts';
import type { Database } from './blog/open-database.ts';
import { compareAnswers } from './support/compare-answers.ts';
import { openTestDatabase } from './support/database.ts';
import {
  answerOf,
  type Caller,
  type Everyone,
  type Expected,
  type Question,
  withDates,
} from './support/naive-rules.ts';
import { readingPermissions, readingQuestion } from './support/random-rules.ts';
import { createRulesBlog, type RulesBlog, viewerOf } from './support/rules-blog.ts';
import { documentOf } from './support/rules-document.ts';
import {
  NOW,
  replaceContent,
  replaceUsers,
  rolesOf,
  tablesOf,
  textsIn,
  USERS,
  worldOf,
} from './support/rules-world.ts';
import { rankOf } from './support/text-order.ts';

/*
 * Random grants, rows, callers and operations, compared with a plain evaluator over the rows in memory. A round is one question of
 * one caller. RULES_ROUNDS changes their number. A failure names its seed, and what it was shrunk to: with that as RULES_SEED, it
 * is the first again.
 */

const ROUNDS = Number(process.env['RULES_ROUNDS'] ?? 3_500);
/** Without looking for a smaller example. */
const END = process.env['RULES_SHRINK'] === 'off';
const SEED = Number(process.env['RULES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Questions of one document, at most. */
const QUESTIONS = 6;
/** Rounds on the same rows. */
const ON_THE_SAME_ROWS = 500;

const statements: string[] = [];
let database: Database;
let blogs: { readonly declared: boolean; readonly blog: RulesBlog }[];
beforeAll(async () => {
  database = await openTestDatabase({ onStatement: (sql) => statements.push(sql) });
  blogs = [false, true].map((declared) => ({ declared, blog: createRulesBlog(database, { declared }) }));
});
afterAll(() => database?.close());

const ROLES = [['authenticated'], ['editor', 'authenticated'], ['moderator', 'apple']];
const user: fc.Arbitrary<Caller> = fc.record({
  kind: fc.constant('user' as const),
  user: fc.constantFrom(...USERS),
  roles: fc.constantFrom(...ROLES),
});
const caller: fc.Arbitrary<Caller> = fc.oneof(
  { weight: 6, arbitrary: user },
  { weight: 1, arbitrary: fc.constant<Caller>({ kind: 'public', roles: ['public'] }) },
  { weight: 1, arbitrary: fc.constant<Caller>({ kind: 'token' }) },
);

/** Two users have the same permissions object, as those of the same roles have in a server. */
const reading = fc.record({
  permissions: readingPermissions,
  callers: fc.oneof(fc.tuple(caller), fc.tuple(user, user)),
  questions: fc.array(readingQuestion, { minLength: 1, maxLength: QUESTIONS }),
});

/** What came of the rounds: they must not all be refused, or find everything. */
const seen = { answered: 0, refused: 0, nulled: 0, some: 0, rounds: 0 };

test('what anybody reads under random grants is what a reference implementation says', {
  timeout: 3_600_000,
}, async () => {
  for (let batch = 0; seen.rounds < ROUNDS; batch++) {
    const seed = SEED + batch;
    const { declared, blog } = blogs[seed % blogs.length] as (typeof blogs)[number]; // there are two
    const tables = tablesOf(seed, await rolesOf(database));
    await replaceUsers(database, tables);
    await replaceContent(database, tables);
    const everyone = { world: worldOf(tables), rank: await rankOf(database, textsIn(tables)), declared, now: NOW };
    const until = seen.rounds + ON_THE_SAME_ROWS;
    const property = fc.asyncProperty(reading, async ({ permissions, callers, questions }) => {
      if (seen.rounds < until) await readAs(blog, everyone, permissions, callers, questions);
    });
    await fc.assert(property, { seed, numRuns: ON_THE_SAME_ROWS, endOnFailure: END });
  }
  expect(seen.answered).toBeGreaterThan(seen.rounds / 2);
  expect(seen.some).toBeGreaterThan(seen.rounds / 20);
  expect(seen.refused).toBeGreaterThan(0);
  expect(seen.nulled).toBeGreaterThan(0);
});

test('a filter for no related row has no value that its statement does not use', async () => {
  const blog = blogs[0]?.blog as RulesBlog; // there are two
  const tables = tablesOf(1, await rolesOf(database));
  await replaceUsers(database, tables);
  await replaceContent(database, tables);
  const everyone = { world: worldOf(tables), rank: await rankOf(database, textsIn(tables)), declared: false, now: NOW };
  const permissions: readonly Permission[] = [
    ['post.find', [{ where: { views: { gte: 2 } } }]],
    ['tag.find', [{ where: { name: { ne: 'apple' } } }]],
    ['author.find', null],
  ];
  const row = { columns: [], one: {}, many: [] };
  const without = { documentId: { null: true } };
  const filters = [
    { type: 'Post', filters: { tags: without } },
    { type: 'Post', filters: { not: { tags: without } } },
    { type: 'Post', filters: { or: [{ tags: without }, { author: { posts: without } }] } },
    { type: 'Author', filters: { posts: { views: { null: true } } } },
    { type: 'Tag', filters: { posts: { tags: without } } },
  ] as const;
  const questions = filters.map(({ type, filters }) => ({ kind: 'list', type, args: { filters }, row }) as const);
  await readAs(blog, everyone, permissions, [{ kind: 'public', roles: ['public'] }], questions);
});

async function readAs(
  blog: RulesBlog,
  everyone: Everyone,
  given: readonly Permission[],
  callers: readonly Caller[],
  questions: readonly Question[],
): Promise<void> {
  const { source, variables } = documentOf(questions);
  const of = callers[0]?.kind ?? 'public';
  // One that does not read would grant nothing, and the test would see less.
  for (const [action, grants] of given) {
    for (const grant of grants ?? []) expect(blog.rules.isValid(action, grant), JSON.stringify(grant)).toBe(true);
  }
  const permissions = blog.permissionsOf(given, of);
  const texts: string[][] = [];
  for (const caller of callers) {
    statements.length = 0;
    const result = await blog.ask(source, variables, viewerOf(caller, permissions));
    texts.push([...statements]);
    const expected = withDates(questions).map((question) => answerOf(everyone, given, caller, question));
    compareAnswers(result, expected);
    note(expected);
    expect(texts.at(-1), 'one statement for each question').toHaveLength(expected.filter(({ asked }) => asked).length);
  }
  if (texts[1]) expect(texts[1], 'the same SQL for both users').toEqual(texts[0]);
}

function note(expected: readonly Expected[]): void {
  for (const { data, refusals } of expected) {
    seen.rounds++;
    if (refusals === undefined) seen.nulled++;
    else if (refusals.length > 0) seen.refused++;
    if (data !== null) seen.answered++;
    const nodes = (data as { nodes?: unknown[] } | null)?.nodes ?? data;
    if (Array.isArray(nodes) && nodes.length > 0 && nodes.length < 14) seen.some++;
  }
}
