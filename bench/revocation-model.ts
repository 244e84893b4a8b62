// Rights that come and go at random, on two servers, and a model of who may what at which time:
// node bench/revocation-model.ts --seconds 120. Needs BENCH_DATABASE_URL. Exit code 1 for an answer that the model does not allow.

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { MAX_LAG } from '../src/database/notifications/changes.ts';
import { dataOf, requestOf } from './ask.ts';
import { openBenchDatabase } from './database.ts';
import { startServer } from './server-process.ts';
import type { GatehouseOptions } from './servers/gatehouse.ts';

/** Of the users that are made here: a server in production refuses that of the demo. */
const PASSWORD = 'the password of a bench';

/** Somebody whose right to the one question comes and goes. */
interface Subject {
  readonly name: string;
  readonly token: string;
  readonly set: readonly ((may: boolean) => Promise<unknown>)[];
  may: boolean;
  /** When it came to be so for certain, and whether it is about to change. */
  since: number;
  changes: number;
  changing: boolean;
}

const QUERY = '{ posts(pagination: { limit: 1 }) { title } }';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
  const seconds = Number(values.seconds);
  const serverUrl = process.env['BENCH_DATABASE_URL'];
  if (!serverUrl || !(seconds > 0)) throw new Error('Set BENCH_DATABASE_URL, and --seconds to a number');
  await using database = await openBenchDatabase(serverUrl);
  const { location, directory } = database;
  if (location.kind !== 'server') throw new Error('Two processes need a server');
  const secrets = { users: randomBytes(48).toString('base64url'), admins: randomBytes(48).toString('base64url') };
  const options: GatehouseOptions = { location, directory, countStatements: false, silent: true, secrets };
  await using one = await startServer('gatehouse.ts', options);
  await using other = await startServer('gatehouse.ts', options);
  const urls = [one.url, other.url];
  const sql = new pg.Pool({ connectionString: location.url, max: 4 });
  const subjects = await subjectsOf(urls, sql);

  const counts = { asked: 0, changes: 0, stale: 0, late: 0, denied: 0 };
  const wrong: string[] = [];
  let oldest = 0;
  let going = true;

  async function change(): Promise<void> {
    while (going) {
      const subject = pick(subjects);
      if (subject.changing) {
        await wait(1);
        continue;
      }
      subject.changing = true;
      subject.changes += 1;
      try {
        await pick(subject.set)(!subject.may);
        subject.may = !subject.may;
        subject.since = performance.now();
        counts.changes += 1;
      } finally {
        subject.changing = false;
      }
      await wait(Math.random() * 60);
    }
  }

  async function ask(): Promise<void> {
    while (going) {
      const subject = pick(subjects);
      const { may, since, changes, changing } = subject;
      const asked = performance.now();
      const response = await fetch(pick(urls), {
        method: 'POST',
        ...requestOf({ query: QUERY, token: subject.token }),
      });
      const isAnswered = !(await response.text()).includes('"errors"');
      counts.asked += 1;
      // What was changed while it was asked may be answered either way.
      if (changing || subject.changes !== changes || subject.changing || isAnswered === may) continue;
      const behind = asked - since;
      oldest = Math.max(oldest, behind);
      if (behind <= MAX_LAG) counts.late += 1;
      else {
        counts[isAnswered ? 'stale' : 'denied'] += 1;
        wrong.push(
          `${subject.name}: ${isAnswered ? 'answered' : 'refused'} ${behind.toFixed(0)} ms after it was not so`,
        );
      }
    }
  }

  /** Stops one of them for a while, or cuts the lines on which both listen. */
  async function disturb(): Promise<void> {
    while (going) {
      await wait(500 + Math.random() * 1_500);
      if (Math.random() < 0.5) {
        const stopped = pick([one, other]);
        stopped.signal('SIGSTOP');
        await wait(Math.random() * 400);
        stopped.signal('SIGCONT');
      } else {
        await sql.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'gatehouse listener' AND datname = current_database()`);
      }
    }
  }

  const work = [...Array.from({ length: 3 }, change), ...Array.from({ length: 8 }, ask), disturb()];
  await wait(seconds * 1_000);
  going = false;
  await Promise.all(work);
  await sql.end();
  process.stdout.write(
    `${database.description}, ${seconds} s: ${counts.asked} questions, ${counts.changes} changes; as it was before, within ${MAX_LAG} ms: ${counts.late} (the oldest ${oldest.toFixed(0)} ms); later: ${counts.stale} answered, ${counts.denied} refused\n`,
  );
  for (const line of wrong.slice(0, 20)) process.stderr.write(`${line}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

/**
 * Whose API token, whose role, whose further role, whose role's included role, whose role's permission and whose permission's grants
 * are changed; through either server, and by SQL.
 */
async function subjectsOf(urls: readonly string[], sql: pg.Pool): Promise<Subject[]> {
  const [url = ''] = urls;
  const adminUrls = urls.map((each) => each.replace(/graphql$/, 'admin/graphql'));
  const login = { query: `mutation { login(email: "${DEMO_ADMIN}", password: "${DEMO_PASSWORD}") { jwt } }` };
  const token = ((await dataOf(adminUrls[0] ?? '', login)) as { login: { jwt: string } }).login.jwt;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape that its document asked for
  const admin = async (query: string): Promise<any> => dataOf(pick(adminUrls), { query, token });
  const role = async (name: string, may: boolean) => {
    const data = await admin(
      `mutation { createRole(data: { name: "${name}", permissions: ${may ? '["post.find"]' : '[]'} }) { documentId } }`,
    );
    if (!may) await sql.query(DELETE_OF_ROLE, [data.createRole.documentId]);
    return data.createRole.documentId as string;
  };
  const [may, mayNot] = [await role('May', true), await role('May not', false)];
  await sql.query(DELETE_OF_ROLE, [mayNot]);

  const subjects: Subject[] = [];
  const add = (name: string, token: string, set: Subject['set']) =>
    subjects.push({ name, token, set, may: true, since: performance.now(), changes: 0, changing: false });
  const userWith = async (name: string, roleId: string) => {
    const data = await admin(
      `mutation { createUser(data: { username: "${name}", email: "${name}@example.com", password: "${PASSWORD}", role: "${roleId}" }) { documentId } }`,
    );
    const query = `mutation { login(input: { identifier: "${name}", password: "${PASSWORD}" }) { jwt } }`;
    const { login } = (await dataOf(url, { query })) as { login: { jwt: string } };
    return { id: data.createUser.documentId as string, jwt: login.jwt };
  };
  for (let n = 0; n < 4; n++) {
    const data = await admin(
      `mutation { createApiToken(data: { name: "token ${n}", kind: CUSTOM, actions: ["post.find", "tag.find"], lifespan: DAYS_7 }) { secret token { documentId } } }`,
    );
    const { secret, token: made } = data.createApiToken;
    const actions = (find: boolean) => (find ? '["post.find", "tag.find"]' : '["tag.find"]');
    add(`token ${n}`, secret, [
      (find) =>
        admin(
          `mutation { updateApiToken(documentId: "${made.documentId}", data: { actions: ${actions(find)} }) { documentId } }`,
        ),
      (find) => sql.query(find ? INSERT_OF_TOKEN : DELETE_OF_TOKEN, [made.documentId]),
    ]);

    const own = await role(`Own ${n}`, true);
    const { jwt } = await userWith(`own${n}`, own);
    add(`permission of role ${n}`, jwt, [
      async (find) => {
        const { roles } = await admin(`{ roles(filters: { documentId: { eq: "${own}" } }) { version } }`);
        const version = roles[0]?.version;
        const change = find ? 'add: ["post.find"]' : 'remove: ["post.find"]';
        await admin(`mutation { setPermissions(role: "${own}", version: ${version}, ${change}) { id } }`);
      },
      (find) => sql.query(find ? INSERT_OF_ROLE : DELETE_OF_ROLE, [own]),
    ]);

    // Restricted to a column that is not asked for, it is refused.
    const restricted = await role(`Restricted ${n}`, true);
    const { jwt: ofRestricted } = await userWith(`restricted${n}`, restricted);
    add(`grants of role ${n}`, ofRestricted, [(find) => sql.query(find ? GRANTS_GONE : GRANTS_OF_ROLE, [restricted])]);

    const more = await userWith(`more${n}`, mayNot);
    await sql.query(INSERT_OF_USER, [more.id, may]);
    add(`further role of user ${n}`, more.jwt, [
      (find) => sql.query(find ? INSERT_OF_USER : DELETE_OF_USER, [more.id, may]),
    ]);

    const including = await role(`Including ${n}`, false);
    const deep = await role(`Deep ${n}`, false);
    await sql.query(INSERT_OF_INCLUDED, [including, deep]);
    await sql.query(INSERT_OF_INCLUDED, [deep, may]);
    const { jwt: ofIncluding } = await userWith(`including${n}`, including);
    add(`role included two deep ${n}`, ofIncluding, [
      (find) => sql.query(find ? INSERT_OF_INCLUDED : DELETE_OF_INCLUDED, [deep, may]),
    ]);

    const moved = await userWith(`moved${n}`, may);
    add(`role of user ${n}`, moved.jwt, [
      (find) =>
        admin(`mutation { updateUser(documentId: "${moved.id}", data: { role: "${find ? may : mayNot}" }) { id } }`),
      (find) =>
        sql.query(
          `UPDATE "users" SET "roleId" = (SELECT "id" FROM "roles" WHERE "documentId" = $2) WHERE "documentId" = $1`,
          [moved.id, find ? may : mayNot],
        ),
    ]);
  }
  return subjects;
}

const OF_ROLE = `(SELECT "id" FROM "roles" WHERE "documentId" = $1)`;
const INSERT_OF_ROLE = `INSERT INTO "permissions" ("roleId", "action") VALUES (${OF_ROLE}, 'post.find') ON CONFLICT DO NOTHING`;
const DELETE_OF_ROLE = `DELETE FROM "permissions" WHERE "roleId" = ${OF_ROLE} AND "action" = 'post.find'`;
const GRANTS_OF_ROLE = `UPDATE "permissions" SET "grants" = '[{ "fields": ["views"] }]' WHERE "roleId" = ${OF_ROLE} AND "action" = 'post.find'`;
const GRANTS_GONE = `UPDATE "permissions" SET "grants" = NULL WHERE "roleId" = ${OF_ROLE} AND "action" = 'post.find'`;
const SECOND_ROLE = `(SELECT "id" FROM "roles" WHERE "documentId" = $2)`;
const OF_USER = `(SELECT "id" FROM "users" WHERE "documentId" = $1)`;
const INSERT_OF_USER = `INSERT INTO "user_roles" ("userId", "roleId") VALUES (${OF_USER}, ${SECOND_ROLE}) ON CONFLICT DO NOTHING`;
const DELETE_OF_USER = `DELETE FROM "user_roles" WHERE "userId" = ${OF_USER} AND "roleId" = ${SECOND_ROLE}`;
const INSERT_OF_INCLUDED = `INSERT INTO "role_includes" ("roleId", "includedId") VALUES (${OF_ROLE}, ${SECOND_ROLE}) ON CONFLICT DO NOTHING`;
const DELETE_OF_INCLUDED = `DELETE FROM "role_includes" WHERE "roleId" = ${OF_ROLE} AND "includedId" = ${SECOND_ROLE}`;
const OF_TOKEN = `(SELECT "id" FROM "api_tokens" WHERE "documentId" = $1)`;
const INSERT_OF_TOKEN = `INSERT INTO "api_token_permissions" ("tokenId", "action") VALUES (${OF_TOKEN}, 'post.find') ON CONFLICT DO NOTHING`;
const DELETE_OF_TOKEN = `DELETE FROM "api_token_permissions" WHERE "tokenId" = ${OF_TOKEN} AND "action" = 'post.find'`;

function pick<T>(from: readonly T[]): T {
  return from[Math.floor(Math.random() * from.length)] as T;
}

await main();
