import { type SettingsChange, updateSettings } from '../../administration/update-settings.ts';
import { rejectNull } from '../../common/reject-null.ts';
import { documentKey } from '../../database/document-key.ts';
import { readSettings, type Settings } from '../../database/settings.ts';
import type { SessionMode } from '../../generated/prisma/client.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import { given } from './given.ts';
import { type AdminServices, byAdmin } from './services.ts';

interface SettingsInput {
  readonly signUps?: boolean | null | undefined;
  readonly emailConfirmation?: boolean | null | undefined;
  readonly defaultRole?: string | null | undefined;
  readonly sessionMode?: SessionMode | null | undefined;
  readonly accessTokenLifespan?: number | null | undefined;
  readonly idleRefreshTokenLifespan?: number | null | undefined;
  readonly maxRefreshTokenLifespan?: number | null | undefined;
  readonly refreshTokenGrace?: number | null | undefined;
  readonly refreshTokenInCookie?: boolean | null | undefined;
  readonly emailLoginCodes?: boolean | null | undefined;
  readonly passwordMinLength?: number | null | undefined;
  readonly adminPasswordMinLength?: number | null | undefined;
  readonly adminIdleSessionLifespan?: number | null | undefined;
  readonly adminMaxSessionLifespan?: number | null | undefined;
  readonly adminSecondFactor?: boolean | null | undefined;
  readonly newDeviceMail?: boolean | null | undefined;
  readonly deleteGraceDays?: number | null | undefined;
  readonly resetPasswordUrl?: string | null | undefined;
  readonly confirmEmailUrl?: string | null | undefined;
  readonly loginCodeUrl?: string | null | undefined;
  readonly acceptInvitationUrl?: string | null | undefined;
}

const DESCRIPTIONS = {
  signUps: 'Whether new users can register.',
  emailConfirmation: 'Whether an address has to be confirmed before its account can be used.',
  defaultRole: 'The role of new users.',
  sessionMode: 'What a login answers with.',
  accessTokenLifespan: 'Seconds that a token lives, in the mode REFRESH.',
  idleRefreshTokenLifespan: 'Seconds after which a session ends that is not refreshed.',
  maxRefreshTokenLifespan: 'Seconds after which a session ends, whatever is done with it.',
  refreshTokenGrace:
    'Seconds, 0 to 60, in which a used refresh token returns the same new token again, for browser tabs that refresh at once. 0: never.',
  refreshTokenInCookie: 'Whether the refresh token is a cookie that scripts cannot read.',
  emailLoginCodes: 'Whether users can log in with a code that is mailed to them.',
  passwordMinLength: 'Minimum length of a new password of a user, 8 to 64.',
  adminPasswordMinLength: 'Minimum length of a new password of an administrator.',
  adminIdleSessionLifespan:
    'Seconds after which an administrator’s session with a cookie ends that is not refreshed, 60 to 2592000.',
  adminMaxSessionLifespan:
    'Seconds after which an administrator’s session with a cookie ends, whatever is done with it, 60 to 2592000. For sessions that begin from then on.',
  adminSecondFactor:
    'Whether administrators need a second factor. Until they have one, they can do nothing but set it up.',
  newDeviceMail: 'Whether a mail tells users of a login from a device that they did not use before.',
  deleteGraceDays:
    'Days until an account is deleted whose owner asked for it, 0 to 365. A login before then keeps it. 0: at once.',
  resetPasswordUrl: 'The page for choosing a password, which mails link to; null: the built-in page.',
  confirmEmailUrl: 'The page for confirming an address, which mails link to; null: the built-in page.',
  acceptInvitationUrl: 'The page for accepting an invitation, which mails link to; null: the built-in page.',
  loginCodeUrl:
    'The page for logging in with a mailed code, which mails link to with the parameters `email` and `code`; null: the built-in page, which shows the code.',
} as const;

/** Adds the settings that administrators can change at run time. A change takes effect with the next request. */
export function addSettings(builder: DynamicBuilder, services: AdminServices): void {
  const described = (name: keyof typeof DESCRIPTIONS) => ({ description: DESCRIPTIONS[name] });
  const mode = builder.enumType('SessionMode', {
    values: {
      PLAIN: { value: 'plain', description: 'One token that lives as long as JWT_EXPIRES_IN says.' },
      REFRESH: { value: 'refresh', description: 'A short token, and another to refresh it.' },
    } satisfies Record<string, { value: SessionMode; description: string }>,
  });
  const settings = builder.objectRef<Settings>('Settings').implement({
    fields: (t) => ({
      signUps: t.exposeBoolean('signUps', { nullable: false, ...described('signUps') }),
      emailConfirmation: t.exposeBoolean('emailConfirmation', { nullable: false, ...described('emailConfirmation') }),
      defaultRole: t.field({
        type: 'Role',
        nullable: false,
        ...described('defaultRole'),
        resolve: ({ defaultRoleId }) => ({ id: defaultRoleId }),
      }),
      sessionMode: t.expose('sessionMode', { type: mode, nullable: false, ...described('sessionMode') }),
      accessTokenLifespan: t.exposeInt('accessTokenLifespan', { nullable: false, ...described('accessTokenLifespan') }),
      idleRefreshTokenLifespan: t.exposeInt('idleRefreshTokenLifespan', {
        nullable: false,
        ...described('idleRefreshTokenLifespan'),
      }),
      maxRefreshTokenLifespan: t.exposeInt('maxRefreshTokenLifespan', {
        nullable: false,
        ...described('maxRefreshTokenLifespan'),
      }),
      refreshTokenGrace: t.exposeInt('refreshTokenGrace', { nullable: false, ...described('refreshTokenGrace') }),
      refreshTokenInCookie: t.exposeBoolean('refreshTokenInCookie', {
        nullable: false,
        ...described('refreshTokenInCookie'),
      }),
      emailLoginCodes: t.exposeBoolean('emailLoginCodes', { nullable: false, ...described('emailLoginCodes') }),
      passwordMinLength: t.exposeInt('passwordMinLength', { nullable: false, ...described('passwordMinLength') }),
      adminPasswordMinLength: t.exposeInt('adminPasswordMinLength', {
        nullable: false,
        ...described('adminPasswordMinLength'),
      }),
      adminIdleSessionLifespan: t.exposeInt('adminIdleSessionLifespan', {
        nullable: false,
        ...described('adminIdleSessionLifespan'),
      }),
      adminMaxSessionLifespan: t.exposeInt('adminMaxSessionLifespan', {
        nullable: false,
        ...described('adminMaxSessionLifespan'),
      }),
      newDeviceMail: t.exposeBoolean('newDeviceMail', { nullable: false, ...described('newDeviceMail') }),
      deleteGraceDays: t.exposeInt('deleteGraceDays', { nullable: false, ...described('deleteGraceDays') }),
      adminSecondFactor: t.exposeBoolean('adminSecondFactor', { nullable: false, ...described('adminSecondFactor') }),
      resetPasswordUrl: t.exposeString('resetPasswordUrl', { nullable: true, ...described('resetPasswordUrl') }),
      confirmEmailUrl: t.exposeString('confirmEmailUrl', { nullable: true, ...described('confirmEmailUrl') }),
      loginCodeUrl: t.exposeString('loginCodeUrl', { nullable: true, ...described('loginCodeUrl') }),
      acceptInvitationUrl: t.exposeString('acceptInvitationUrl', {
        nullable: true,
        ...described('acceptInvitationUrl'),
      }),
    }),
  });
  builder.queryField('settings', (t) =>
    t.field({
      type: settings,
      nullable: true,
      authScopes: { action: 'settings.find' },
      resolve: () => readSettings(services.prisma),
    }),
  );

  const input = builder.inputRef<SettingsInput>('SettingsInput').implement({
    description: 'Absent fields stay as they are. null removes an address.',
    fields: (t) => ({
      signUps: t.boolean(described('signUps')),
      emailConfirmation: t.boolean(described('emailConfirmation')),
      defaultRole: t.id(described('defaultRole')),
      sessionMode: t.field({ type: mode, ...described('sessionMode') }),
      accessTokenLifespan: t.int(described('accessTokenLifespan')),
      idleRefreshTokenLifespan: t.int(described('idleRefreshTokenLifespan')),
      maxRefreshTokenLifespan: t.int(described('maxRefreshTokenLifespan')),
      refreshTokenGrace: t.int(described('refreshTokenGrace')),
      refreshTokenInCookie: t.boolean(described('refreshTokenInCookie')),
      emailLoginCodes: t.boolean(described('emailLoginCodes')),
      passwordMinLength: t.int(described('passwordMinLength')),
      adminPasswordMinLength: t.int(described('adminPasswordMinLength')),
      adminIdleSessionLifespan: t.int(described('adminIdleSessionLifespan')),
      adminMaxSessionLifespan: t.int(described('adminMaxSessionLifespan')),
      adminSecondFactor: t.boolean(described('adminSecondFactor')),
      newDeviceMail: t.boolean(described('newDeviceMail')),
      deleteGraceDays: t.int(described('deleteGraceDays')),
      resetPasswordUrl: t.string(described('resetPasswordUrl')),
      confirmEmailUrl: t.string(described('confirmEmailUrl')),
      loginCodeUrl: t.string(described('loginCodeUrl')),
      acceptInvitationUrl: t.string(described('acceptInvitationUrl')),
    }),
  });
  builder.mutationField('updateSettings', (t) =>
    t.field({
      type: settings,
      nullable: true,
      description: 'Changes the given fields, all of them or none.',
      authScopes: { action: 'settings.update' },
      args: {
        data: t.arg({ type: input, required: true }),
        was: t.arg({
          type: input,
          description:
            'Fields as they were read. If one of them is another one now, nothing is changed, and the error is at it.',
        }),
      },
      resolve: async (_root, { data, was }, context) => {
        const names = Object.keys(DESCRIPTIONS) as (keyof typeof DESCRIPTIONS)[]; // a constant has no other keys
        const pages: readonly string[] = ['resetPasswordUrl', 'confirmEmailUrl', 'loginCodeUrl', 'acceptInvitationUrl'];
        rejectNull(
          data,
          names.filter((name) => !pages.includes(name)),
        );
        await updateSettings(services, byAdmin(context), changeIn(data), changeIn(was ?? {}));
        return readSettings(services.prisma);
      },
    }),
  );
}

function changeIn({
  defaultRole,
  resetPasswordUrl,
  confirmEmailUrl,
  loginCodeUrl,
  acceptInvitationUrl,
  ...rest
}: SettingsInput): SettingsChange {
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, given<unknown>(value)])),
    resetPasswordUrl,
    confirmEmailUrl,
    loginCodeUrl,
    acceptInvitationUrl,
    defaultRole: defaultRole == null ? undefined : documentKey(defaultRole),
  };
}
