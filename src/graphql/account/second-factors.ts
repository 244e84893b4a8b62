import type { Accounts, AdminAccounts, UserAccounts } from '../../accounts/accounts.ts';
import type { Person } from '../../accounts/realms/realm.ts';
import type { OwnFactors } from '../../accounts/second-factors/factor-methods.ts';
import {
  confirmTotp,
  newBackupCodes,
  ownFactors,
  removeTotp,
  startTotp,
  type TotpSetup,
} from '../../accounts/second-factors/manage-factors.ts';
import type { AskedBy } from '../../authentication/actor-of.ts';
import { askedByAdministrator, askedByUser } from '../../authentication/asked-by.ts';
import type { Viewer } from '../../authentication/viewer.ts';
import type { DynamicBuilder } from '../content-type/content-schema.ts';
import type { Context } from '../context.ts';

const [USERS_READ, USERS_CHANGE] = ['user.secondFactors', 'user.changeSecondFactors'] as const;
const [ADMINS_READ, ADMINS_CHANGE] = ['self.secondFactors', 'self.changeSecondFactors'] as const;

/** Adds what users do with their second factors. */
export function addSecondFactors(builder: DynamicBuilder, accounts: UserAccounts): void {
  addTo(builder, accounts, {
    read: USERS_READ,
    change: USERS_CHANGE,
    asked: (context, action) => askedByUser(context, action),
  });
}

/** Adds what administrators do with their own second factors. */
export function addAdminSecondFactors(builder: DynamicBuilder, accounts: AdminAccounts): void {
  addTo(builder, accounts, {
    read: ADMINS_READ,
    change: ADMINS_CHANGE,
    asked: (context) => askedByAdministrator(context),
  });
}

type Action = `${string}.${string}`;

interface Door<Me extends Viewer> {
  readonly read: Action;
  readonly change: Action;
  /** @throws ApiError FORBIDDEN for a viewer without an account. */
  readonly asked: (context: Context, action: string) => AskedBy<Me>;
}

function addTo<Account extends Person, Me extends Viewer>(
  builder: DynamicBuilder,
  accounts: Accounts<Account, Me>,
  { read, change, asked }: Door<Me>,
): void {
  const factors = builder.objectRef<OwnFactors>('SecondFactors').implement({
    description: 'The second factors of an account.',
    fields: (t) => ({
      methods: t.stringList({
        nullable: false,
        description:
          'What completes a login: `totp`, `backupCode`, `passkey`. Empty: a login asks for no second factor.',
        resolve: ({ methods }) => [...methods],
      }),
      totpSince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when there is an app that shows codes.',
        resolve: ({ totpSince }) => totpSince ?? null,
      }),
      backupCodes: t.exposeInt('backupCodes', { nullable: false, description: 'How many backup codes are left.' }),
    }),
  });
  builder.queryField('secondFactors', (t) =>
    t.field({
      type: factors,
      nullable: true,
      description: 'The second factors of the account of the token.',
      authScopes: { action: read },
      resolve: (_root, _args, context) => ownFactors(accounts, asked(context, read).viewer),
    }),
  );

  const setup = builder.objectRef<TotpSetup>('TotpSetup').implement({
    description: 'What an app needs to show codes (TOTP, RFC 6238). It is shown once.',
    fields: (t) => ({
      secret: t.exposeString('secret', { nullable: false, description: 'In Base32, to be typed.' }),
      uri: t.exposeString('uri', { nullable: false, description: 'The same as an address `otpauth://`.' }),
      qrSvg: t.exposeString('qrSvg', { nullable: false, description: 'The address as a QR code: an SVG image.' }),
    }),
  });
  builder.mutationField('startTotp', (t) =>
    t.field({
      type: setup,
      nullable: true,
      description:
        'Makes a secret for an app that shows codes. It changes nothing before `confirmTotp`, within half an hour. Sensitive.',
      authScopes: { action: change },
      resolve: (_root, _args, context) => startTotp(accounts, asked(context, change)),
    }),
  );

  const codes = builder.objectRef<{ readonly codes: readonly string[] }>('BackupCodes').implement({
    description: 'Codes that work once each in place of one of the app. They are shown once.',
    fields: (t) => ({
      codes: t.stringList({ nullable: false, resolve: ({ codes }) => [...codes], description: 'Ten codes.' }),
    }),
  });
  builder.mutationField('confirmTotp', (t) =>
    t.field({
      type: codes,
      nullable: true,
      description:
        'Makes the app the second factor, in place of another app, with a code that it shows. From now on a login asks for a code. Sensitive.',
      authScopes: { action: change },
      args: { code: t.arg.string({ required: true, description: 'A code of the app.' }) },
      resolve: async (_root, { code }, context) => ({
        codes: await confirmTotp(accounts, code, asked(context, change)),
      }),
    }),
  );
  builder.mutationField('newBackupCodes', (t) =>
    t.field({
      type: codes,
      nullable: true,
      description: 'Replaces the backup codes. Sensitive.',
      authScopes: { action: change },
      resolve: async (_root, _args, context) => ({ codes: await newBackupCodes(accounts, asked(context, change)) }),
    }),
  );
  builder.mutationField('removeTotp', (t) =>
    t.field({
      type: factors,
      nullable: true,
      description: 'Removes the app and the backup codes. Sensitive.',
      authScopes: { action: change },
      resolve: async (_root, _args, context) => {
        const by = asked(context, change);
        await removeTotp(accounts, by);
        return ownFactors(accounts, by.viewer);
      },
    }),
  );
}
