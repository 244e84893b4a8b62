import type { SettingsFieldsFragment, SettingsInput } from '../../generated/graphql.ts';
import type { Pick as Picked } from '../../ui/picker.tsx';
import { type Duration, durationOf, secondsOf } from './duration.tsx';

export type Settings = SettingsFieldsFragment;

export const LIFESPANS = [
  'accessTokenLifespan',
  'idleRefreshTokenLifespan',
  'maxRefreshTokenLifespan',
  'refreshTokenGrace',
  'adminIdleSessionLifespan',
  'adminMaxSessionLifespan',
] as const;
/** Those that are entered as a number. */
export const NUMBERS = ['passwordMinLength', 'adminPasswordMinLength', 'deleteGraceDays'] as const;

/** The settings as they are entered. */
export type Values = Pick<
  Settings,
  | 'signUps'
  | 'emailConfirmation'
  | 'emailLoginCodes'
  | 'newDeviceMail'
  | 'sessionMode'
  | 'refreshTokenInCookie'
  | 'adminSecondFactor'
> & {
  readonly defaultRole: Picked | null;
  readonly resetPasswordUrl: string;
  readonly confirmEmailUrl: string;
  readonly loginCodeUrl: string;
  readonly acceptInvitationUrl: string;
} & Readonly<Record<(typeof LIFESPANS)[number], Duration>> &
  Readonly<Record<(typeof NUMBERS)[number], string>>;

export function valuesOf(settings: Settings): Values {
  const {
    signUps,
    emailConfirmation,
    emailLoginCodes,
    newDeviceMail,
    sessionMode,
    refreshTokenInCookie,
    adminSecondFactor,
    defaultRole,
  } = settings;
  return {
    signUps,
    emailConfirmation,
    emailLoginCodes,
    newDeviceMail,
    sessionMode,
    refreshTokenInCookie,
    adminSecondFactor,
    defaultRole: { id: defaultRole.documentId, label: defaultRole.name },
    resetPasswordUrl: settings.resetPasswordUrl ?? '',
    confirmEmailUrl: settings.confirmEmailUrl ?? '',
    loginCodeUrl: settings.loginCodeUrl ?? '',
    acceptInvitationUrl: settings.acceptInvitationUrl ?? '',
    accessTokenLifespan: durationOf(settings.accessTokenLifespan),
    idleRefreshTokenLifespan: durationOf(settings.idleRefreshTokenLifespan),
    maxRefreshTokenLifespan: durationOf(settings.maxRefreshTokenLifespan),
    refreshTokenGrace: durationOf(settings.refreshTokenGrace),
    adminIdleSessionLifespan: durationOf(settings.adminIdleSessionLifespan),
    adminMaxSessionLifespan: durationOf(settings.adminMaxSessionLifespan),
    passwordMinLength: String(settings.passwordMinLength),
    adminPasswordMinLength: String(settings.adminPasswordMinLength),
    deleteGraceDays: String(settings.deleteGraceDays),
  };
}

/** The fields that hold no value of their kind. The server cannot say that: there is nothing to send it. */
export function withoutValue(values: Values): ReadonlySet<string> {
  return new Set([
    ...(values.defaultRole ? [] : ['defaultRole']),
    ...LIFESPANS.filter((name) => secondsOf(values[name]) === undefined),
    ...NUMBERS.filter((name) => !/^\s*\d{1,6}\s*$/.test(values[name])),
  ]);
}

/** Only what differs, so that what somebody else changed meanwhile stays; and what that was, so that the same is not overwritten. */
export function changesOf(
  settings: Settings,
  values: Values,
): { readonly data: SettingsInput; readonly was: SettingsInput } {
  const entered: SettingsInput = {
    signUps: values.signUps,
    emailConfirmation: values.emailConfirmation,
    emailLoginCodes: values.emailLoginCodes,
    newDeviceMail: values.newDeviceMail,
    sessionMode: values.sessionMode,
    refreshTokenInCookie: values.refreshTokenInCookie,
    adminSecondFactor: values.adminSecondFactor,
    defaultRole: values.defaultRole?.id ?? settings.defaultRole.documentId,
    resetPasswordUrl: values.resetPasswordUrl.trim() || null,
    confirmEmailUrl: values.confirmEmailUrl.trim() || null,
    loginCodeUrl: values.loginCodeUrl.trim() || null,
    acceptInvitationUrl: values.acceptInvitationUrl.trim() || null,
    ...Object.fromEntries(LIFESPANS.map((name) => [name, secondsOf(values[name])])),
    ...Object.fromEntries(NUMBERS.map((name) => [name, Number(values[name])])),
  };
  const before: Readonly<Record<string, unknown>> = { ...settings, defaultRole: settings.defaultRole.documentId };
  const changed = Object.entries(entered).filter(([name, value]) => value !== before[name]);
  return {
    data: Object.fromEntries(changed),
    was: Object.fromEntries(changed.map(([name]) => [name, before[name] ?? null])),
  };
}
