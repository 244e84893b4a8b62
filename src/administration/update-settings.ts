import { difference } from '../audit/audit.ts';
import type { Recorded } from '../audit/events.ts';
import { type Fault, refuse } from '../common/errors.ts';
import type { DocumentKey } from '../database/document-key.ts';
import type { Settings } from '../database/settings.ts';
import { type AdministrationServices, administer, type By } from './administration.ts';
import { findRole } from './roles/find-role.ts';

/** What is absent stays as it is; the addresses are emptied by null. */
export type SettingsChange = {
  readonly [Name in keyof Omit<Settings, 'id' | 'defaultRoleId'>]?: Settings[Name] | undefined;
} & { readonly defaultRole?: DocumentKey | undefined };

/** Seconds: a token that lives for years is as good as a password. */
const LONGEST = 366 * 86_400;
const LIFESPANS = ['accessTokenLifespan', 'idleRefreshTokenLifespan', 'maxRefreshTokenLifespan'] as const;
/** Seconds in which a used refresh token is accepted again. */
const LONGEST_GRACE = 60;
/** Days in which somebody can think better of it. */
const LONGEST_GRACE_DAYS = 365;
const LENGTHS = ['passwordMinLength', 'adminPasswordMinLength'] as const;
const ADMIN_LIFESPANS = ['adminIdleSessionLifespan', 'adminMaxSessionLifespan'] as const;
/** Seconds: a session of an administrator ends within a minute at the shortest, and within a month at the longest. */
const [SHORTEST_ADMIN, LONGEST_ADMIN] = [60, 30 * 86_400];
const PAGES = ['resetPasswordUrl', 'confirmEmailUrl', 'loginCodeUrl', 'acceptInvitationUrl'] as const;

/**
 * Changes what is given: all of it or nothing.
 *
 * @param was what the settings must still be, as far as it is given.
 */
export async function updateSettings(
  { prisma, audit }: AdministrationServices,
  by: By,
  { defaultRole, ...change }: SettingsChange,
  was: SettingsChange = {},
): Promise<void> {
  await administer(prisma, by, async (transaction) => {
    const before = await transaction.settings.findUniqueOrThrow({ where: { id: 1 } });
    refuse(await faultsOfChanged(transaction, before, was));
    const faults: Fault[] = [];
    const role = defaultRole && (await findRole(transaction, defaultRole));
    if (defaultRole && !role)
      faults.push({ path: ['defaultRole'], message: 'defaultRole names a role that does not exist' });
    if (role?.type === 'public')
      faults.push({ path: ['defaultRole'], message: 'Public is the role of requests without an account' });
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const after: Settings = { ...before, ...Object.fromEntries(given), ...(role && { defaultRoleId: role.id }) };
    refuse([...faults, ...faultsOf(after)]);
    await transaction.settings.update({ where: { id: 1 }, data: after, select: { id: true } });
    const changed = difference(await recordOf(transaction, before), await recordOf(transaction, after));
    if (!changed) return;
    const target = { kind: 'settings', documentId: null, name: null } as const;
    await audit.record(transaction, by.actor, { event: 'settings.update', target, ...changed });
  });
}

/** The settings that are not as somebody read them. */
async function faultsOfChanged(
  transaction: Parameters<typeof findRole>[0],
  now: Settings,
  { defaultRole, ...was }: SettingsChange,
): Promise<Fault[]> {
  const role = defaultRole && (await findRole(transaction, defaultRole));
  const read = Object.entries({ ...was, ...(defaultRole && { defaultRoleId: role?.id ?? null }) });
  return read
    .filter(([name, value]) => value !== undefined && value !== now[name as keyof Settings])
    .map(([name]) => (name === 'defaultRoleId' ? 'defaultRole' : name))
    .map((name) => ({ path: ['was', name], message: `${name} was changed meanwhile: read it again` }));
}

function faultsOf(settings: Settings): Fault[] {
  const faults: Fault[] = [];
  for (const name of LIFESPANS) {
    const value = settings[name];
    if (value < 1 || value > LONGEST) faults.push({ path: [name], message: `${name} must be from 1 to ${LONGEST}` });
  }
  const { accessTokenLifespan, idleRefreshTokenLifespan, maxRefreshTokenLifespan } = settings;
  if (accessTokenLifespan > idleRefreshTokenLifespan || idleRefreshTokenLifespan > maxRefreshTokenLifespan) {
    const message = 'accessTokenLifespan, idleRefreshTokenLifespan and maxRefreshTokenLifespan must not become shorter';
    faults.push({ path: ['accessTokenLifespan'], message });
  }
  const { refreshTokenGrace } = settings;
  if (refreshTokenGrace < 0 || refreshTokenGrace > LONGEST_GRACE) {
    const message = `refreshTokenGrace must be from 0 to ${LONGEST_GRACE}`;
    faults.push({ path: ['refreshTokenGrace'], message });
  }
  const { deleteGraceDays } = settings;
  if (deleteGraceDays < 0 || deleteGraceDays > LONGEST_GRACE_DAYS) {
    const message = `deleteGraceDays must be from 0 to ${LONGEST_GRACE_DAYS}`;
    faults.push({ path: ['deleteGraceDays'], message });
  }
  for (const name of ADMIN_LIFESPANS) {
    const value = settings[name];
    if (value < SHORTEST_ADMIN || value > LONGEST_ADMIN) {
      faults.push({ path: [name], message: `${name} must be from ${SHORTEST_ADMIN} to ${LONGEST_ADMIN}` });
    }
  }
  if (settings.adminIdleSessionLifespan > settings.adminMaxSessionLifespan) {
    const message = 'adminIdleSessionLifespan must not be longer than adminMaxSessionLifespan';
    faults.push({ path: ['adminIdleSessionLifespan'], message });
  }
  for (const name of LENGTHS) {
    const value = settings[name];
    if (value < 8 || value > 64) faults.push({ path: [name], message: `${name} must be from 8 to 64` });
  }
  for (const name of PAGES) {
    const value = settings[name];
    if (value !== null && !isPage(value)) faults.push({ path: [name], message: `${name} must be a valid URL` });
  }
  return faults;
}

/**
 * Where mails send people: a page of the web, and nothing that runs. As it is written: a URL is read without its line
 * breaks, and a mail's text and HTML are not. Nobody's credentials are mailed around.
 */
export function isPage(value: string): boolean {
  if (value.length > 2_000 || !/^https?:\/\/[^/]/i.test(value) || NOT_IN_A_URL.test(value)) return false;
  const url = URL.parse(value);
  return url !== null && url.username === '' && url.password === '';
}

/** Blanks, invisible characters, and characters of markup: RFC 3986 allows none of them in a URL. */
const NOT_IN_A_URL = /[\s\p{C}\p{Default_Ignorable_Code_Point}<>"'`\\^|]/u;

async function recordOf(
  transaction: Parameters<typeof findRole>[0],
  { id: _id, defaultRoleId, ...settings }: Settings,
): Promise<Recorded<'settings.update'>> {
  return { ...settings, defaultRole: (await findRole(transaction, { key: 'id', value: defaultRoleId }))?.type };
}
