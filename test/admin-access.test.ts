import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newApiTokenSecret } from '../src/authentication/api-token-secret.ts';
import { actionNamedBy, guarded } from '../src/authorization/guard.ts';
import { rootFieldsOf } from './support/root-fields.ts';
import { send, startServer, type TestServer } from './support/start.ts';

/**
 * Who may what on `/admin/graphql`. Administrators may everything, and whoever may look only has what is in here and every
 * query but one; a guest has the ways in. A field that is not in the schema's queries is refused to both without a line of ours.
 */
const OF_GUESTS = [
  'entrance',
  'login',
  'passkeyOptions',
  'loginWithPasskey',
  'completeLogin',
  'refresh',
  'logout',
  'registerFirstAdmin',
  'forgotPassword',
  'resetPassword',
];
const OF_WHO_LOOKS = [
  ...OF_GUESTS,
  'changePassword',
  'revokeSession',
  'setPreferences',
  'stepUp',
  'startTotp',
  'confirmTotp',
  'newBackupCodes',
  'removeTotp',
  'addPasskey',
  'renamePasskey',
  'removePasskey',
];
/** One finds documents by conditions on any column, the other reads as a user. */
const NOT_OF_WHO_LOOKS = ['previewDocuments', 'contentAsUser'];

const NOBODY = 'nobody';
const WHO = [NOBODY, 'a user', 'an API token', 'an administrator who looks', 'an administrator'] as const;

let server: TestServer;
let apiToken: string;
beforeAll(async () => {
  server = await startServer();
  const { data } = await server.askAdmin(
    'mutation { createApiToken(data: { name: "all", kind: FULL_ACCESS, lifespan: UNLIMITED }) { secret } }',
    { token: await server.adminToken() },
  );
  apiToken = data.createApiToken.secret;
});
afterAll(() => server?.close());

function tokenOf(who: (typeof WHO)[number]): Promise<string | undefined> | string | undefined {
  switch (who) {
    case 'nobody':
      return undefined;
    case 'a user':
      return server.tokenOf('editor');
    case 'an API token':
      return apiToken;
    case 'an administrator who looks':
      return server.adminToken('READ_ONLY');
    case 'an administrator':
      return server.adminToken();
  }
}

function mayAsk(who: (typeof WHO)[number], { name, operation }: { name: string; operation: string }): boolean {
  if (who === 'an administrator') return true;
  if (who === 'an administrator who looks') {
    return (operation === 'query' && !NOT_OF_WHO_LOOKS.includes(name)) || OF_WHO_LOOKS.includes(name);
  }
  return OF_GUESTS.includes(name);
}

describe.each(WHO)('%s', (who) => {
  test('is answered or refused at every root field, and a refusal writes nothing but its record', async () => {
    const expected: Record<string, string> = {};
    const outcomes: Record<string, string> = {};
    const fields = rootFieldsOf(server.gatehouse.adminSchema);
    expect(fields.length).toBeGreaterThan(70);
    for (const field of fields) {
      const { name, action, document } = field;
      const token = await tokenOf(who); // for each one anew: some of them end it
      await server.gatehouse.idle();
      server.statements.length = 0;
      const { status, data, errors } = await server.askAdmin(document, { token });
      const refusal = errors?.find(({ extensions }) => extensions.code === 'FORBIDDEN');
      if (who === 'a user' || who === 'an API token') {
        expected[name] = '401 UNAUTHENTICATED invalid';
        outcomes[name] = `${status} ${errors?.[0]?.extensions.code} ${errors?.[0]?.extensions.reason}`;
        continue;
      }
      // There are administrators, so nobody can be the first any more.
      const isAnswered = mayAsk(who, field) && name !== 'registerFirstAdmin';
      expected[name] = isAnswered ? 'answered' : `refused: ${action}`;
      outcomes[name] = refusal ? `refused: ${refusal.extensions.error.details.action}` : 'answered';
      expect(
        (errors ?? []).map(({ extensions }) => extensions.code),
        name,
      ).not.toContain('INTERNAL_SERVER_ERROR');
      if (refusal) {
        expect(data, name).toEqual({ [name]: null });
        const writes = server.statements.filter((sql) => /^\s*(insert|update|delete)/i.test(sql));
        expect(
          writes.filter((sql) => !sql.includes('"audit_entries"')),
          name,
        ).toEqual([]);
      }
    }
    expect(outcomes).toEqual(expected);
  });
});

test('taking the action away from any root field makes the start fail with that field’s name', () => {
  const { adminSchema } = server.gatehouse;
  for (const type of [adminSchema.getQueryType(), adminSchema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const { extensions } = field;
      expect(actionNamedBy(field), field.name).toBeDefined();
      field.extensions = {};
      expect(() => guarded(adminSchema)).toThrow(`${type?.name}.${field.name} names no action`);
      field.extensions = extensions;
    }
  }
});

test('an administrator’s token is nobody’s on /graphql', async () => {
  const { status, errors } = await server.ask('{ posts { title } }', { token: await server.adminToken() });
  expect([status, errors?.[0]?.extensions.reason]).toEqual([401, 'invalid']);
});

test('the endpoints share no secret and no audience', async () => {
  const [user, admin] = [await server.tokenOf('reader'), await server.adminToken()];
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims(user).aud).toBe('gatehouse:users');
  expect(claims(admin).aud).toBe('gatehouse:admins');
  expect(server.config.jwtSecrets).not.toEqual(server.config.adminJwtSecrets);
});

test('an API token that never was is refused on either endpoint', async () => {
  const { text: token } = newApiTokenSecret();
  for (const url of [server.url, server.url.replace('/graphql', '/admin/graphql')]) {
    const { status, errors } = await send(url, '{ __typename }', { token });
    expect([status, errors?.[0]?.extensions.reason]).toEqual([401, 'invalid']);
  }
});
