import type { AdminAccounts } from './accounts.ts';
import { DEMO_ADMIN, DEMO_PASSWORD } from './public-password.ts';

/** What a page to log in has to know of the server before anybody has. */
export interface Entrance {
  /** Whether there is no administrator yet: then the first registers. */
  readonly needsFirstAdministrator: boolean;
  /** Whether that takes the code that the start printed. */
  readonly needsCode: boolean;
  /** The demo administrator, in development only, while the password is the public one. */
  readonly demo: { readonly email: string; readonly password: string } | null;
  /** The minimum length of a new password of an administrator. */
  readonly minPasswordLength: number;
}

/** Reads what a page to log in has to know. Everybody can read it, so it names nobody but the demo administrator. */
export async function entranceOf(
  { prisma, settings, passwords }: Pick<AdminAccounts, 'prisma' | 'settings' | 'passwords'>,
  { firstNeedsCode }: { readonly firstNeedsCode: boolean },
): Promise<Entrance> {
  const { adminPasswordMinLength } = await settings();
  const some = await prisma.admin.findFirst({ select: { id: true } });
  return {
    needsFirstAdministrator: some === null,
    needsCode: some === null && firstNeedsCode,
    demo: !passwords.refusesPublic && (await hasDemo(prisma)) ? { email: DEMO_ADMIN, password: DEMO_PASSWORD } : null,
    minPasswordLength: adminPasswordMinLength,
  };
}

async function hasDemo({ admin }: AdminAccounts['prisma']): Promise<boolean> {
  const where = { email: DEMO_ADMIN, publicPassword: true };
  return (await admin.findUnique({ where, select: { id: true } })) !== null;
}
