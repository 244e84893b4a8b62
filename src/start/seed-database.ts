import { randomBytes } from 'node:crypto';
import { newIdentity } from '../accounts/claim-identifiers.ts';
import type { Passwords } from '../accounts/passwords.ts';
import { DEMO_PASSWORD, writtenPassword } from '../accounts/public-password.ts';
import { checkRoles } from '../authorization/defaults.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { App } from './app.ts';

/** The demo users, and the password that they share. */
export interface DemoCredentials {
  readonly password: string;
  readonly users: readonly { readonly email: string; readonly role: string }[];
}

export interface SeedOptions {
  /** Whether example data and demo users are wanted, too. */
  readonly demo: boolean;
  readonly production: boolean;
  readonly passwords: Passwords;
}

/** Any number that nothing else in the database locks with. */
const SEED_LOCK = 7_461_283;

/**
 * Gives an empty database its roles and settings, its example data and demo users, all of it or nothing. A database that has
 * roles is left as its administrators made it. Returns the demo users that it made: nothing else knows their password in
 * production.
 *
 * @throws RolesFault when the roles are not such that a server can work with them.
 */
export async function seedDatabase(
  prisma: PrismaClient,
  { roles, demoUsers, seed }: Pick<App, 'roles' | 'demoUsers' | 'seed'>,
  { demo, production, passwords }: SeedOptions,
): Promise<DemoCredentials | undefined> {
  checkRoles(roles);
  if ((await prisma.role.count()) > 0) return undefined;
  return prisma.$transaction(
    async (transaction) => {
      // Of several processes that start on an empty database, one seeds and the others wait for it.
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${SEED_LOCK})`;
      if ((await transaction.role.count()) > 0) return undefined;
      for (const { actions, ...role } of roles) {
        await transaction.role.create({
          data: { ...role, permissions: { create: actions.map((action) => ({ action })) } },
        });
      }
      const { id } = await transaction.role.findUniqueOrThrow({
        where: { type: 'authenticated' },
        select: { id: true },
      });
      await transaction.settings.create({ data: { id: 1, defaultRoleId: id } });
      if (!demo) return undefined;
      await seed?.(transaction);
      // Whoever asks for demo users in production gets users that nobody else knows the password of.
      const password = production ? randomBytes(12).toString('base64url') : DEMO_PASSWORD;
      return createDemoUsers(transaction, demoUsers, passwords, password);
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
}

async function createDemoUsers(
  transaction: Prisma.TransactionClient,
  demoUsers: App['demoUsers'],
  passwords: Passwords,
  password: string,
): Promise<DemoCredentials | undefined> {
  if (demoUsers.length === 0) return undefined;
  const written = await writtenPassword(passwords, password);
  const users: { email: string; role: string }[] = [];
  for (const { username, email, role: type } of demoUsers) {
    const { role } = await transaction.user.create({
      data: { ...newIdentity({ username, email }), ...written, confirmed: true, role: { connect: { type } } },
      select: { role: { select: { name: true } } },
    });
    users.push({ email, role: role.name });
  }
  return { password, users };
}
