// How soon a process knows what another one changed: node bench/revocation-delay.ts --trials 1000
// Needs BENCH_DATABASE_URL. Exit code 1 when an answer was given from memory that was too old.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { MAX_LAG } from '../src/database/notifications/changes.ts';
import { dataOf, type Question, requestOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { table } from './markdown.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

/** Of the users that are made here: a server in production refuses that of the demo. */
const PASSWORD = 'the password of a bench';

/** Takes something away, on one server; tells what then must not be answered any more, on the other. */
type Taking = (one: string) => Promise<{ readonly asked: Question; take(): Promise<unknown> }>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { trials: { type: 'string', default: '1000' } } });
  const trials = Number(values.trials);
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(trials > 0)) throw new Error('Set BENCH_DATABASE_URL, and --trials to a number');

  await using database = await openBenchDatabase(serverUrl);
  const secrets = { users: randomBytes(48).toString('base64url'), admins: randomBytes(48).toString('base64url') };
  const { location, directory } = database;
  const options: GatehouseOptions = { location, directory, countStatements: false, silent: true, secrets };
  await using one = await startServer('gatehouse.ts', options);
  await using other = await startServer('gatehouse.ts', options);
  const takings = await takingsOf(one.url);

  const rows: string[][] = [];
  let stale = 0;
  for (const [how, disturb] of Object.entries(DISTURBANCES)) {
    const share = Math.ceil(how === 'undisturbed' ? trials : trials / 5);
    for (const [what, taking] of Object.entries(takings)) {
      const times: number[] = [];
      for (let trial = 0; trial < Math.ceil(share / Object.keys(takings).length); trial++) {
        const { asked, take } = await taking(one.url);
        await steady(other.url, asked);
        const going = await disturb(other, database.location);
        await take();
        const taken = performance.now();
        await going.end();
        const refused = await untilRefused(other.url, asked);
        // The question that was still answered was asked before this, and its answer is as old as that.
        const behind = refused.lastAllowed === undefined ? 0 : Math.max(0, refused.lastAllowed - taken);
        times.push(behind);
        if (behind > MAX_LAG) stale += 1;
        await going.healed();
      }
      const late = times.filter((time) => time > 0).length;
      rows.push([
        what,
        how,
        `${times.length}`,
        `${late}`,
        ...[0.5, 0.99, 1].map((p) => percentile(times, p).toFixed(1)),
      ]);
    }
  }
  const head = ['taken on one, asked on the other', '', 'trials', 'allowed once more', 'p50 ms', 'p99 ms', 'most'];
  process.stdout.write(`${database.description}\n\n${table(head, rows)}\n`);
  if (stale > 0) {
    process.stderr.write(`${stale} answers were from memory older than ${MAX_LAG} ms\n`);
    process.exitCode = 1;
  }
}

async function takingsOf(url: string): Promise<Readonly<Record<string, Taking>>> {
  const adminUrl = url.replace(/graphql$/, 'admin/graphql');
  const login = `mutation { login(email: "${DEMO_ADMIN}", password: "${DEMO_PASSWORD}") { jwt } }`;
  const token = ((await dataOf(adminUrl, { query: login })) as { login: { jwt: string } }).login.jwt;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  const admin = async (query: string): Promise<any> => dataOf(adminUrl, { query, token });
  const made = await admin(
    'mutation { createRole(data: { name: "Taken from", permissions: ["post.find"] }) { documentId } }',
  );
  const role = `"${made.createRole.documentId}"`;
  const includer = await admin('mutation { createRole(data: { name: "Including" }) { documentId } }');
  const including = `"${includer.createRole.documentId}"`;
  const user = await admin(
    `mutation { createUser(data: { username: "taken", email: "taken@example.com", password: "${PASSWORD}", role: ${role} }) { documentId } }`,
  );
  const id = `"${user.createUser.documentId}"`;
  const tokenOf = async () => {
    const query = `mutation { login(input: { identifier: "taken", password: "${PASSWORD}" }) { jwt } }`;
    return ((await dataOf(url, { query })) as { login: { jwt: string } }).login.jwt;
  };
  let userToken = await tokenOf();
  const query = '{ posts(pagination: { limit: 1 }) { title } }';
  let tokens = 0;
  return {
    'a block': async () => {
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      userToken = await tokenOf();
      const take = async () => admin(`mutation { blockUser(documentId: ${id}) { id } }`);
      return { asked: { query, token: userToken }, take };
    },
    'a role': async () => {
      const roles = await admin('{ roles(filters: { type: { eq: "authenticated" } }) { documentId } }');
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      await admin(`mutation { updateUser(documentId: ${id}, data: { role: ${role} }) { id } }`);
      userToken = await tokenOf();
      const asked = { query: '{ tags { name } posts(pagination: { limit: 1 }) { title } }', token: userToken };
      await setPermission(admin, role, 'add: ["tag.find"]');
      await giveWhole(admin, role);
      const other = `"${roles.roles[0].documentId}"`;
      const take = async () => {
        await admin(
          `mutation { updateUser(documentId: ${id}, data: { role: ${await emptyRole(admin, other)} }) { id } }`,
        );
      };
      return { asked, take };
    },
    'a permission': async () => {
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      await admin(`mutation { updateUser(documentId: ${id}, data: { role: ${role} }) { id } }`);
      userToken = await tokenOf();
      await giveWhole(admin, role);
      return { asked: { query, token: userToken }, take: () => setPermission(admin, role, 'remove: ["post.find"]') };
    },
    'all rows and fields': async () => {
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      await admin(`mutation { updateUser(documentId: ${id}, data: { role: ${role} }) { id } }`);
      userToken = await tokenOf();
      await giveWhole(admin, role);
      // Restricted to a column that is not asked for, it is refused.
      const take = async () => {
        const version = await versionOf(admin, role);
        await admin(
          `mutation { setGrants(role: ${role}, action: "post.find", grants: [{ fields: ["views"] }], version: ${version}) { id } }`,
        );
      };
      return { asked: { query, token: userToken }, take };
    },
    'an included role': async () => {
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      await admin(`mutation { updateUser(documentId: ${id}, data: { role: ${including} }) { id } }`);
      await admin(`mutation { updateRole(documentId: ${including}, data: { includes: [${role}] }) { id } }`);
      await giveWhole(admin, role);
      userToken = await tokenOf();
      const take = () => admin(`mutation { updateRole(documentId: ${including}, data: { includes: [] }) { id } }`);
      return { asked: { query, token: userToken }, take };
    },
    'an API token': async () => {
      tokens += 1;
      const { createApiToken } = await admin(
        `mutation { createApiToken(data: { name: "taken ${tokens}", kind: READ_ONLY, lifespan: DAYS_7 }) { secret token { documentId } } }`,
      );
      const take = async () =>
        admin(`mutation { revokeApiToken(documentId: "${createApiToken.token.documentId}") { documentId } }`);
      return { asked: { query, token: createApiToken.secret }, take };
    },
    'a password': async () => {
      await admin(`mutation { unblockUser(documentId: ${id}) { id } }`);
      await admin(`mutation { updateUser(documentId: ${id}, data: { role: ${role} }) { id } }`);
      await giveWhole(admin, role);
      userToken = await tokenOf();
      const take = async () =>
        admin(`mutation { updateUser(documentId: ${id}, data: { password: "${PASSWORD}" }) { id } }`);
      return { asked: { query, token: userToken }, take };
    },
  };
}

type Admin = (query: string) => Promise<unknown>;

async function setPermission(admin: Admin, role: string, change: string): Promise<void> {
  const version = await versionOf(admin, role);
  await admin(`mutation { setPermissions(role: ${role}, version: ${version}, ${change}) { id } }`);
}

/** Posts without restriction: an action that is only added keeps the grants it has. */
async function giveWhole(admin: Admin, role: string): Promise<void> {
  const version = await versionOf(admin, role);
  await admin(`mutation { setGrants(role: ${role}, action: "post.find", grants: null, version: ${version}) { id } }`);
}

async function versionOf(admin: Admin, role: string): Promise<number | undefined> {
  const { roles } = (await admin(`{ roles(filters: { documentId: { eq: ${role} } }) { version } }`)) as {
    roles: { version: number }[];
  };
  return roles[0]?.version;
}

let empty: string | undefined;

/** A role that may nothing of what is asked. */
async function emptyRole(admin: Admin, copyOf: string): Promise<string> {
  if (empty === undefined) {
    const made = (await admin(
      `mutation { createRole(data: { name: "Empty", copyOf: ${copyOf} }) { documentId } }`,
    )) as {
      createRole: { documentId: string };
    };
    empty = `"${made.createRole.documentId}"`;
    await setPermission(admin, empty, 'remove: ["post.find", "tag.find"]');
  }
  return empty;
}

interface Disturbance {
  /** The change was made. */
  end(): Promise<void>;
  /** Everything is as it was. */
  healed(): Promise<void>;
}

const nothing = async () => {};

/** What may stand in the way of the word. */
const DISTURBANCES: Readonly<
  Record<
    string,
    (other: ServerProcess, location: { readonly kind: string; readonly url?: string }) => Promise<Disturbance>
  >
> = {
  undisturbed: async () => ({ end: nothing, healed: nothing }),
  'stopped and continued': async (other) => {
    other.signal('SIGSTOP');
    return {
      async end() {
        await wait(Math.random() * 300);
        other.signal('SIGCONT');
      },
      healed: nothing,
    };
  },
  'its line cut': async (_other, { url }) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'gatehouse listener' AND datname = current_database()`);
    await client.end();
    return { end: nothing, healed: () => wait(600) };
  },
};

/** The value that this share of them does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function allowed(url: string, question: Question): Promise<boolean> {
  const response = await fetch(url, { method: 'POST', ...requestOf(question) });
  return !(await response.text()).includes('"errors"');
}

async function steady(url: string, question: Question): Promise<void> {
  for (let time = 0; time < 3; time++) {
    if (!(await allowed(url, question))) throw new Error('What is to be taken away was not there');
  }
}

/** When the last question was asked that was still answered; undefined when the first was refused. */
async function untilRefused(url: string, question: Question): Promise<{ readonly lastAllowed: number | undefined }> {
  let lastAllowed: number | undefined;
  for (let time = 0; time < 5_000; time++) {
    const asked = performance.now();
    if (!(await allowed(url, question))) {
      if (await allowed(url, question)) throw new Error('What was refused was answered after that');
      return { lastAllowed };
    }
    lastAllowed = asked;
  }
  throw new Error('It was never refused');
}

await main();
