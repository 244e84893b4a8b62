import { issueFirstCode } from '../accounts/admin-codes.ts';
import { DEMO_PASSWORD } from '../accounts/public-password.ts';
import { type AdministrationServices, BY_SERVER } from '../administration/administration.ts';
import { createAdmin } from '../administration/admins.ts';
import { ApiError, reasonsOf } from '../common/errors.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';

/** The e-mail of the administrator of development, whose password is the public one. */
export const DEMO_ADMIN = 'admin@example.com';

/** How somebody comes to be the first administrator. */
export type FirstAdmin =
  /** There are some already. */
  | { readonly kind: 'there' }
  /** Made at this start, as the environment says. */
  | { readonly kind: 'made'; readonly email: string }
  /** The one of development, with a password that everybody knows. */
  | { readonly kind: 'demo'; readonly email: string; readonly password: string }
  /** Whoever holds the code, with `registerFirstAdmin`; in development whoever is first. */
  | { readonly kind: 'code'; readonly code: string | undefined };

/** Sees to it that the server can be administered: at each start, and by as many processes as start together. */
export async function ensureFirstAdmin(
  services: AdministrationServices,
  { firstAdmin, production }: Pick<Config, 'firstAdmin' | 'production'>,
): Promise<FirstAdmin> {
  const { prisma } = services;
  if ((await prisma.admin.count()) > 0) {
    const demo = production
      ? null
      : await prisma.admin.findUnique({ where: { email: DEMO_ADMIN, publicPassword: true } });
    return demo ? { kind: 'demo', email: DEMO_ADMIN, password: DEMO_PASSWORD } : { kind: 'there' };
  }
  const wanted = firstAdmin ?? (!production ? { email: DEMO_ADMIN, password: DEMO_PASSWORD } : undefined);
  if (!wanted) return { kind: 'code', code: production ? await issueFirstCode(services) : undefined };
  try {
    await createAdmin(services, BY_SERVER, { ...wanted, name: undefined, role: 'ADMINISTRATOR' }, { code: undefined });
  } catch (error) {
    // Another process was first.
    if (error instanceof ApiError && error.code === 'APPLICATION_ERROR') return { kind: 'there' };
    // What only the settings know: how long a password has to be, say.
    if (error instanceof ApiError && firstAdmin) {
      throw new ConfigError(reasonsOf(error).map((reason) => `ADMIN_PASSWORD: expected another one: ${reason}`));
    }
    throw error;
  }
  return firstAdmin ? { kind: 'made', email: firstAdmin.email } : { kind: 'demo', ...wanted };
}
