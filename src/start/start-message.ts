import { DEMO_PASSWORD } from '../accounts/public-password.ts';
import type { Config } from '../config/config.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { App } from './app.ts';
import type { FirstAdmin } from './first-admin.ts';
import type { DemoCredentials } from './seed-database.ts';

export interface StartMessageOptions {
  readonly config: Config;
  /** Where the server listens. */
  readonly address: string;
  readonly prisma: PrismaClient;
  /** The declared demo users. */
  readonly demoUsers: App['demoUsers'];
  /** The demo users, if this start created them. */
  readonly demo: DemoCredentials | undefined;
  readonly firstAdmin: FirstAdmin;
}

/** The message printed at start: what to open, and how to log in. */
export async function startMessage({
  config,
  address,
  prisma,
  demoUsers,
  demo,
  firstAdmin,
}: StartMessageOptions): Promise<string> {
  const lines = [`Gatehouse is ready at ${address}/graphql`];
  if (!config.production) lines.push('Open it in a browser for GraphiQL, or point a client at it.');
  lines.push(
    `Data: ${config.database.kind === 'server' ? 'PostgreSQL server' : `embedded PostgreSQL in ${config.dataDir}`}`,
  );
  const credentials = demo ?? (config.production ? undefined : await demoUsersIn(prisma, demoUsers));
  if (credentials) lines.push('', ...demoLines(credentials));
  lines.push(
    '',
    `Administration: ${address}/admin${config.adminPanel ? '' : '/graphql'}`,
    ...adminLines(firstAdmin, config.adminPanel ? panelAddress(config, address) : undefined),
  );
  const text = lines.map((line) => (line ? `  ${line}` : '')).join('\n');
  return `\n${text}\n\n`;
}

/** Where people reach the panel, which may be behind a proxy. */
function panelAddress({ publicUrl, publicUrlIsSet }: Config, address: string): string {
  return `${(publicUrlIsSet ? publicUrl : address).replace(/\/+$/, '')}/admin`;
}

/** @param panel the address of the panel; undefined when it is disabled. */
function adminLines(first: FirstAdmin, panel: string | undefined): string[] {
  switch (first.kind) {
    case 'there':
      return [];
    case 'made':
      return [`The first administrator was created: ${first.email}`];
    case 'demo':
      return [`Demo administrator: ${first.email} (password ${first.password}, unless it was changed)`];
    case 'code':
      if (first.code === undefined) {
        return ['There is no administrator yet. The first call of registerFirstAdmin creates one.'];
      }
      if (panel === undefined) {
        return [
          'There is no administrator yet. registerFirstAdmin accepts this code once, within a day:',
          `  ${first.code}`,
        ];
      }
      return [
        'There is no administrator yet. Create the first one at this address, which works once, within a day:',
        // Behind the #, so that no server and no log on the way gets the code.
        `  ${panel}/welcome#${first.code}`,
      ];
  }
}

/** The demo users and their password, as lines of text. */
export function demoLines({ password, users }: DemoCredentials): string[] {
  return [`Demo users (password ${password}):`, ...users.map(({ email, role }) => `  ${email.padEnd(24)} ${role}`)];
}

/** The demo users that still exist, with the demo password. */
async function demoUsersIn(prisma: PrismaClient, demoUsers: App['demoUsers']): Promise<DemoCredentials | undefined> {
  const found = await prisma.user.findMany({
    where: { email: { in: demoUsers.map(({ email }) => email) }, blocked: false },
    select: { email: true, role: { select: { name: true } } },
    orderBy: { id: 'asc' },
  });
  if (found.length === 0) return undefined;
  return {
    password: `${DEMO_PASSWORD}, unless it was changed`,
    users: found.map(({ email, role }) => ({ email, role: role.name })),
  };
}
