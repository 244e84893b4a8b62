import { issueFirstCode } from '../accounts/admin-codes.ts';
import { DEMO_ADMIN, DEMO_PASSWORD } from '../accounts/public-password.ts';
import { type AdministrationServices, BY_SERVER } from '../administration/administration.ts';
import { createAdmin } from '../administration/admins.ts';
import { ApiError, reasonsOf } from '../common/errors.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';

/** Where the first administrator comes from. */
export type FirstAdmin =
  /** There is already an administrator. */
  | { readonly kind: 'there' }
  /** Created at this start from the environment. */
  | { readonly kind: 'made'; readonly email: string }
  /** The demo administrator of development, with the public password. */
  | { readonly kind: 'demo'; readonly email: string; readonly password: string }
  /** The first to call `registerFirstAdmin`, in production with this code. */
  | { readonly kind: 'code'; readonly code: string | undefined };

/** Makes sure that the server has an administrator, or a way to register one. Safe for several processes that start together. */
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
    // Another process created one first.
    if (error instanceof ApiError && error.code === 'APPLICATION_ERROR') return { kind: 'there' };
    // A rule of the settings, such as the minimum length of passwords.
    if (error instanceof ApiError && firstAdmin) {
      throw new ConfigError(reasonsOf(error).map((reason) => `ADMIN_PASSWORD: expected another one: ${reason}`));
    }
    throw error;
  }
  return firstAdmin ? { kind: 'made', email: firstAdmin.email } : { kind: 'demo', ...wanted };
}
