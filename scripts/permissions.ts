// npm run permissions -- list
// npm run permissions -- grant ROLE ACTION…
// npm run permissions -- revoke ROLE ACTION…
// What each role may do, read and changed without a client. ROLE is a role's type (public, authenticated, …), ACTION is
// what `list` shows (post.find). All the actions of a command, or none.
import { pino } from 'pino';
import { actionsOf } from '../src/authorization/guard.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { DirectoryInUse } from '../src/database/directory-lock.ts';
import { DatabaseUnreachable } from '../src/database/open.ts';
import { openSeeded } from '../src/database/open-seeded.ts';
import { environment } from '../src/environment.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import type { PrismaClient } from '../src/generated/prisma/client.ts';
import { demoLines } from '../src/start-message.ts';

/** What was asked cannot be done; the message says why, and what can. */
class Refused extends Error {}

type Command =
  | { readonly verb: 'list' }
  | { readonly verb: 'grant' | 'revoke'; readonly type: string; readonly actions: readonly string[] };

async function main(): Promise<void> {
  const command = commandIn(process.argv.slice(2));
  const config = readConfig(environment());
  const { database, demo } = await openSeeded(config);
  const gatehouse = await createGatehouse({ config, database, log: pino({ level: 'silent' }) });
  try {
    if (demo) console.log(`${['The database was empty, and is not any more.', ...demoLines(demo)].join('\n')}\n`);
    const grantable = actionsOf(gatehouse.schema);
    if (command.verb === 'list') console.log(await table(database.prisma, grantable));
    else console.log(await change(database.prisma, grantable, command));
  } finally {
    await gatehouse.close();
  }
}

function commandIn([verb, type, ...actions]: readonly string[]): Command {
  if (verb === 'list' && type === undefined) return { verb };
  if ((verb === 'grant' || verb === 'revoke') && type !== undefined && actions.length > 0) {
    return { verb, type, actions: [...new Set(actions)] };
  }
  const usages = ['list', 'grant ROLE ACTION…', 'revoke ROLE ACTION…'];
  throw new Refused(`Usage:\n${usages.map((usage) => `  npm run permissions -- ${usage}`).join('\n')}`);
}

/** Changes what a role holds, and tells what it holds now. */
async function change(
  prisma: PrismaClient,
  grantable: readonly string[],
  { verb, type, actions }: Exclude<Command, { verb: 'list' }>,
): Promise<string> {
  return prisma.$transaction(async (transaction) => {
    const roles = await rolesIn(transaction);
    const role = roles.find((candidate) => candidate.type === type);
    if (!role) {
      throw new Refused(`There is no role ${type}. Roles: ${roles.map((candidate) => candidate.type).join(', ')}`);
    }
    // What was granted before its content type was taken away grants nothing today, and can only be taken back.
    const known = verb === 'grant' ? grantable : [...grantable, ...role.actions];
    const unknown = actions.filter((action) => !known.includes(action));
    if (unknown.length > 0) {
      const what = unknown.length === 1 ? 'is not an action' : 'are not actions';
      throw new Refused(`${unknown.join(', ')} ${what} of this schema. See: npm run permissions -- list`);
    }
    if (verb === 'grant') {
      const data = actions.map((action) => ({ roleId: role.id, action }));
      await transaction.permission.createMany({ data, skipDuplicates: true });
    } else {
      await transaction.permission.deleteMany({ where: { roleId: role.id, action: { in: [...actions] } } });
    }
    const now = (await rolesIn(transaction)).find(({ id }) => id === role.id)?.actions ?? [];
    return `${role.name} may now: ${now.join(', ') || 'nothing'}`;
  });
}

/** A line for each action, a column for each role. */
async function table(prisma: PrismaClient, grantable: readonly string[]): Promise<string> {
  const roles = await rolesIn(prisma);
  const types = roles.map(({ type }) => type);
  const granted = roles.flatMap(({ actions }) => actions);
  const actions = [...new Set([...grantable, ...granted])].sort();
  const label = (action: string) => (grantable.includes(action) ? action : `${action} (not in the schema)`);
  const width = Math.max(...actions.map((action) => label(action).length));
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(width), ...cells.map((cell, column) => cell.padEnd(types[column]?.length ?? 0))].join('  ').trimEnd();
  const may = (action: string) => roles.map((role) => (role.actions.includes(action) ? 'yes' : '-'));
  return [line('action', types), ...actions.map((action) => line(label(action), may(action)))].join('\n');
}

interface RoleRow {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

async function rolesIn(prisma: Pick<PrismaClient, 'role'>): Promise<RoleRow[]> {
  const roles = await prisma.role.findMany({
    select: { id: true, type: true, name: true, permissions: { select: { action: true }, orderBy: { action: 'asc' } } },
    orderBy: { id: 'asc' },
  });
  return roles.map(({ permissions, ...role }) => ({ ...role, actions: permissions.map(({ action }) => action) }));
}

main().then(
  // Not left to end by itself: after a migration the engine's own time limit would keep it here for ten seconds.
  () => process.exit(0),
  (error: unknown) => {
    const expected = [Refused, ConfigError, DirectoryInUse, DatabaseUnreachable].some((kind) => error instanceof kind);
    console.error(expected && error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
