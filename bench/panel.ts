// How long the panel makes a browser wait for its next frame: node bench/panel.ts --types 200 --roles 30 --rounds 3
// Needs Linux, Chromium (CHROMIUM names it, where it is not in a usual place) and `npm run build`; BENCH_DATABASE_URL is optional.
// The matrix of one role and the one of all roles, with that many content types and roles, are scrolled to their end and
// filtered. The longest time between two frames is printed, of the best round: what else the machine does at the moment is no
// fault of the panel.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { launch, watchedPage } from '../test/browser/chromium.ts';
import { openBenchDatabase } from './database.ts';
import { startMain } from './main-process.ts';
import { table, whole } from './markdown.ts';

const VERBS = ['find', 'findOne', 'create', 'update', 'delete', 'publish'];
/** Milliseconds in which a search has reached the rows. */
const SETTLED_AFTER = 700;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      types: { type: 'string', default: '200' },
      roles: { type: 'string', default: '30' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const [types, roles, rounds] = [Number(values.types), Number(values.roles), Number(values.rounds)];
  if (!(types > 0 && roles > 0 && rounds > 0)) throw new Error('--types, --roles and --rounds take a positive number');
  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  const { location } = database;
  await using server = await startMain({
    DATA_DIR: database.directory,
    JWT_SECRET: randomBytes(48).toString('base64url'),
    ...(location.kind === 'server' && { DATABASE_URL: location.url }),
  });
  const { origin } = new URL(server.url);
  const browser = await launch();
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
    const { page, faults } = await watchedPage(context, origin);
    await page.goto(`${origin}/admin/`);
    await page.getByLabel('E-mail').fill(DEMO_ADMIN);
    await page.getByLabel('Password').fill(DEMO_PASSWORD);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    await enlarge(page, origin, largeServer(types, roles));
    const rows: string[][] = [];
    for (const [name, path] of [
      ['the matrix of one role', `/roles/role${roles - 1}`],
      ['the matrix of all roles', '/roles/matrix'],
    ] as const) {
      await page.goto(`${origin}/admin${path}`);
      await page.locator('.matrix').waitFor();
      const found: { scrolled: number; filtered: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        process.stderr.write(`${name}, round ${round + 1} of ${rounds}\n`);
        await page.locator('.matrix-frame').evaluate((frame) => frame.scrollTo(0, 0));
        const scrolled = await longestFrame(page, () => scroll(page));
        found.push({ scrolled, filtered: await longestFrame(page, () => filter(page)) });
      }
      const best = (read: (round: (typeof found)[number]) => number) => whole(Math.min(...found.map(read)));
      rows.push([name, best(({ scrolled }) => scrolled), best(({ filtered }) => filtered)]);
    }
    if (faults.length > 0) throw new Error(`The page did what it must not:\n${faults.join('\n')}`);
    process.stdout.write(
      `${types} content types, ${roles} roles; the longest frame of the best of ${rounds} rounds\n\n${table(
        ['', 'scrolled, ms', 'filtered, ms'],
        rows,
      )}\n`,
    );
  } finally {
    await browser.close();
  }
}

function nameOf(type: number): string {
  return `type${String(type).padStart(3, '0')}`;
}

/** What a server with so many types and roles would answer to the questions of the matrices, by operation. */
function largeServer(typeCount: number, roleCount: number): ReadonlyMap<string, unknown> {
  const types = Array.from({ length: typeCount }, (_, index) => nameOf(index));
  const everything = types.flatMap((type) => VERBS.map((verb) => `${type}.${verb}`));
  const actions = types.map((type) => ({
    __typename: 'ActionGroup',
    type,
    label: `Articles of ${type}`,
    actions: VERBS.map((verb) => ({
      __typename: 'GrantableAction',
      action: `${type}.${verb}`,
      label: `${verb} of ${type}`,
      description: `What ${verb} does with ${type}.`,
      rootFields: [`${verb}${type}`],
      writes: !verb.startsWith('find'),
    })),
  }));
  const roles = Array.from({ length: roleCount }, (_, index) => roleOf(index, everything));
  return new Map<string, unknown>([
    ['Actions', { actions }],
    ['RoleDirectory', { roles }],
    ['TokenDirectory', { apiTokens: [] }],
    ['Role', { role: roles.at(-1) }],
  ]);
}

/** Each role includes the one before it, and has some actions whole and some by rules. */
function roleOf(index: number, everything: readonly string[]) {
  const named = (number: number) => ({
    __typename: 'Role',
    documentId: `role${number}`,
    name: `Role number ${number}`,
  });
  return {
    ...named(index),
    description: null,
    type: `role-${index}`,
    isDefault: false,
    userCount: index,
    version: 1,
    problems: [],
    includes: index > 0 ? [named(index - 1)] : [],
    includedBy: [],
    permissions: everything.filter((_, place) => place % (index + 2) === 0),
    grants: everything
      .filter((_, place) => place % ((index + 2) * 3) === 0)
      .map((action) => ({
        __typename: 'PermissionGrants',
        action,
        inWords: 'where owner is the user, fields content, title',
        grants: [{ __typename: 'Grant', where: { owner: '$user' }, fields: ['title'], check: null, set: null }],
      })),
  };
}

/** Answers what the matrices ask as the large server would, and leaves the rest to the real one. */
async function enlarge(page: Page, origin: string, answers: ReadonlyMap<string, unknown>): Promise<void> {
  await page.route(`${origin}/admin/graphql`, async (route) => {
    const { operationName = '' } = route.request().postDataJSON() as { readonly operationName?: string };
    const data = answers.get(operationName);
    if (data === undefined) await route.continue();
    else await route.fulfill({ json: { data } });
  });
}

/** The longest time between two frames, in milliseconds, while something is done. */
async function longestFrame(page: Page, run: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const state = globalThis as unknown as { frames: number[]; measuring: boolean };
    Object.assign(state, { frames: [], measuring: true });
    let last = performance.now();
    const tick = (now: number) => {
      state.frames.push(now - last);
      last = now;
      if (state.measuring) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await run();
  return page.evaluate(() => {
    const state = globalThis as unknown as { frames: number[]; measuring: boolean };
    state.measuring = false;
    return Math.max(...state.frames.slice(1));
  });
}

/** Scrolls with the wheel, to the end. */
async function scroll(page: Page): Promise<void> {
  const frame = page.locator('.matrix-frame');
  await frame.hover();
  const ended = () => frame.evaluate((it) => it.scrollTop + it.clientHeight >= it.scrollHeight - 1);
  while (!(await ended())) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(30);
  }
}

async function filter(page: Page): Promise<void> {
  const search = page.getByRole('searchbox', { name: 'Search types and actions' });
  for (const text of ['type1', 'type15', '', 'publish', '']) {
    await search.fill(text);
    await page.waitForTimeout(SETTLED_AFTER);
  }
}

await main();
