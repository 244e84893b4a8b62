import { randomBytes } from 'node:crypto';
import { createAdmin } from '../administration/admins.ts';
import { createApiToken } from '../administration/api-tokens/create-api-token.ts';
import { NO_CEILING } from '../administration/permission-ceiling.ts';
import { createUser } from '../administration/users/create-user.ts';
import { SERVER } from '../audit/actor.ts';
import type { Grant } from '../authorization/grants.ts';
import { documentKey } from '../database/document-key.ts';
import type { Gatehouse } from '../gatehouse.ts';
import type { AdminRole, ApiTokenKind } from '../generated/prisma/client.ts';
import type { Answer, AskOptions } from './answer.ts';

/** A user to create. What is absent is made up. Other names are fields of your own on users. */
export interface PersonWanted {
  /** Their types, the main role first. Default: the default role of new users. */
  readonly roles?: readonly string[];
  readonly username?: string;
  readonly email?: string;
  readonly password?: string;
  readonly confirmed?: boolean;
  readonly blocked?: boolean;
  readonly [field: string]: unknown;
}

/** A user who is logged in. Without a token where the user is blocked or not confirmed. */
export interface Person {
  readonly id: number;
  readonly documentId: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** An API token to create. */
export interface ApiTokenWanted {
  /** Default: CUSTOM with permissions, and READ_ONLY without. */
  readonly kind?: ApiTokenKind;
  /** Actions, or actions with their grants. */
  readonly permissions?: readonly (string | { readonly action: string; readonly grants: readonly Grant[] })[];
  /** Days; null for one that does not end. */
  readonly lifespan?: 7 | 30 | 90 | null;
}

type Ask = (document: string, options?: AskOptions) => Promise<Answer>;

const BY = { actor: SERVER, ceiling: NO_CEILING };
const some = () => randomBytes(6).toString('hex');

/** Creates people and API tokens by the code of the administration, and logs people in as clients do. */
export function createPeople({ administration }: Pick<Gatehouse, 'administration'>, ask: Ask, askAdmin: Ask) {
  const { prisma } = administration;

  async function loggedIn(email: string, document: string, options: AskOptions, send: Ask): Promise<string> {
    const { data, text } = await send(document, options);
    if (!data?.login?.jwt) throw new Error(`${email} could not log in: ${text}`);
    return data.login.jwt;
  }

  return {
    async user(wanted: PersonWanted = {}): Promise<Person> {
      const { roles: types, username = `user-${some()}`, password = some() + some(), ...others } = wanted;
      const { email = `${username}@example.com`, confirmed = true, blocked = false, ...fields } = others;
      const roles = await Promise.all((types ?? []).map((type) => documentIdOf(type)));
      const id = await createUser(administration, BY, {
        ...{ username, email, password, confirmed, blocked, invite: false },
        ...(roles.length > 0 && { roles: roles.map(documentKey) }),
        ...(Object.keys(fields).length > 0 && { fields: { writer: 'administrators', values: fields } }),
      });
      const user = await prisma.user.findUniqueOrThrow({
        where: { id },
        select: { id: true, documentId: true, username: true, email: true },
      });
      const document = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
      const variables = { input: { identifier: user.email, password } };
      const token = confirmed && !blocked ? await loggedIn(user.email, document, { variables }, ask) : '';
      return { ...user, password, token };
    },

    async apiToken({ permissions = [], kind, lifespan = null }: ApiTokenWanted = {}): Promise<string> {
      const restricted = permissions.filter((permission) => typeof permission !== 'string');
      const { secret } = await createApiToken(administration, BY, {
        name: `Token ${some()}`,
        description: null,
        kind: kind ?? (permissions.length > 0 ? 'CUSTOM' : 'READ_ONLY'),
        lifespan,
        actions: permissions.map((permission) => (typeof permission === 'string' ? permission : permission.action)),
        grants: restricted,
      });
      return secret;
    },

    async adminToken(role: AdminRole = 'ADMINISTRATOR'): Promise<string> {
      const email = `${role.toLowerCase()}-${some()}@admin.test`;
      const password = some() + some();
      await createAdmin(administration, BY, { email, name: undefined, role, password });
      const document =
        'mutation ($email: String!, $password: String!) { login(email: $email, password: $password) { jwt } }';
      return loggedIn(email, document, { variables: { email, password } }, askAdmin);
    },
  };

  async function documentIdOf(type: string): Promise<string> {
    const role = await prisma.role.findUnique({ where: { type }, select: { documentId: true } });
    if (!role) throw new Error(`There is no role of the type ${type}`);
    return role.documentId;
  }
}
