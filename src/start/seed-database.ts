import { randomBytes } from 'node:crypto';
import { newIdentity } from '../accounts/claim-identifiers.ts';
import type { Passwords } from '../accounts/passwords.ts';
import { DEMO_PASSWORD, writtenPassword } from '../accounts/public-password.ts';
import { permissionRow } from '../administration/permission-row.ts';
import { checkRoles, permissionOf } from '../authorization/new-roles.ts';
import { lock } from '../database/lock.ts';
import { rulesOfDeclared } from '../gatehouse/rules.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { App } from './app.ts';

/** The demo users, and the password that they share. */
export interface DemoCredentials {
  readonly password: string;
  readonly users: readonly { readonly email: string; readonly role: string }[];
}

export interface SeedOptions {
  /** Whether to create example data and demo users. */
  readonly demo: boolean;
  readonly production: boolean;
  readonly passwords: Passwords;
}

/**
 * Creates roles, settings, example data and demo users in an empty database, all or nothing. A database with roles is not
 * changed. Returns the demo users that it created: in production, their password is not known otherwise.
 *
 * @throws RolesFault when the declared roles are invalid, ContentTypeError when that takes a content type which is.
 */
export async function seedDatabase(
  prisma: PrismaClient,
  {
    models,
    contentTypes,
    roles,
    demoUsers,
    seed,
    userFields,
  }: Pick<App, 'models' | 'contentTypes' | 'userFields' | 'roles' | 'demoUsers' | 'seed'>,
  { demo, production, passwords }: SeedOptions,
): Promise<DemoCredentials | undefined> {
  checkRoles(roles, () => rulesOfDeclared(models, contentTypes, userFields));
  if ((await prisma.role.count()) > 0) return undefined;
  return prisma.$transaction(
    async (transaction) => {
      // If several processes start on an empty database, one seeds it and the others wait.
      await lock(transaction, 'seed');
      if ((await transaction.role.count()) > 0) return undefined;
      for (const { actions, includes = [], ...role } of roles) {
        await transaction.role.create({
          data: {
            ...role,
            permissions: { create: actions.map(permissionOf).map(permissionRow) },
            includes: { create: [...new Set(includes)].map((type) => ({ included: { connect: { type } } })) },
          },
        });
      }
      const { id } = await transaction.role.findUniqueOrThrow({
        where: { type: 'authenticated' },
        select: { id: true },
      });
      await transaction.settings.create({ data: { id: 1, defaultRoleId: id } });
      if (!demo) return undefined;
      return createExamples(transaction, { demoUsers, seed }, { production, passwords });
    },
    { timeout: 60_000, maxWait: 60_000 },
  );
}

/** Creates the example data and the demo users in a database with roles. Returns those users. */
export async function createExamples(
  transaction: Prisma.TransactionClient,
  { demoUsers, seed }: Pick<App, 'demoUsers' | 'seed'>,
  { production, passwords }: Omit<SeedOptions, 'demo'>,
): Promise<DemoCredentials | undefined> {
  await seed?.(transaction);
  // In production, demo users get a random password.
  const password = production ? randomBytes(12).toString('base64url') : DEMO_PASSWORD;
  return createDemoUsers(transaction, demoUsers, passwords, password);
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
