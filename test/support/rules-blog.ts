import { type DocumentNode, type ExecutionResult, execute, parse } from 'graphql';
import type { Viewer } from '../../src/authentication/viewer.ts';
import type { Permission } from '../../src/authorization/grants.ts';
import { guarded } from '../../src/authorization/guard.ts';
import { type Permissions, permissionsWith } from '../../src/authorization/permissions.ts';
import { createBuilder } from '../../src/graphql/builder.ts';
import { addContentTypes } from '../../src/graphql/content-type/add-content-types.ts';
import { resolveContentTypes } from '../../src/graphql/content-type/resolve-content-types.ts';
import { createContext } from '../../src/graphql/context.ts';
import { coerceOperation } from '../../src/graphql/operation/coerced-operation.ts';
import { refusalsOf } from '../../src/graphql/operation/refused-fields.ts';
import type { Database } from '../blog/open-database.ts';
import type { Caller } from './naive-rules.ts';
import { contentTypesOf, NOW } from './rules-world.ts';

/** The schema of the tests of rules, executed without a server. */
export function createRulesBlog(database: Database, options: { readonly declared: boolean }) {
  const types = resolveContentTypes(database.models, contentTypesOf(options));
  const builder = createBuilder(database);
  const { rules } = addContentTypes(builder, database, types, undefined, { clock: () => NOW });
  const schema = guarded(builder.toSchema());

  async function run(document: DocumentNode, variableValues: Record<string, unknown>, viewer: Viewer) {
    const contextValue = createContext({
      viewer,
      origin: { address: '127.0.0.1', userAgent: undefined },
      refreshCookie: { token: undefined, set: () => {}, clear: () => {} },
      requestId: 'test',
      deadline: new AbortController().signal,
    });
    // No subscription and no incremental delivery: it is a result.
    return (await execute({ schema, document, contextValue, variableValues })) as ExecutionResult;
  }

  return {
    schema,
    rules,
    /** What these permissions allow whoever is of this kind. */
    permissionsOf: (permissions: readonly Permission[], of: Caller['kind']): Permissions =>
      permissionsWith(permissions, { of, isValid: rules.isValid }),
    ask: (source: string, variableValues: Record<string, unknown>, viewer: Viewer) =>
      run(parse(source, { noLocation: true }), variableValues, viewer),
    /** The operation is checked as a whole before it runs, as the server does. */
    async mutate(source: string, variableValues: Record<string, unknown>, viewer: Viewer): Promise<Result> {
      const document = parse(source, { noLocation: true });
      const operation = coerceOperation({ schema, document, variableValues });
      const refusals = refusalsOf(operation, viewer.permissions);
      if (refusals.length === 0) return run(document, variableValues, viewer);
      return { data: null, errors: refusals.map(({ error, path }) => ({ path, extensions: error.extensions })) };
    },
  };
}

interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?:
    | readonly {
        readonly path?: readonly (string | number)[] | undefined;
        readonly extensions: Readonly<Record<string, unknown>>;
      }[]
    | undefined;
}

export type RulesBlog = ReturnType<typeof createRulesBlog>;

/** Who a caller is to the server. */
export function viewerOf({ kind, user, roles = [] }: Caller, permissions: Permissions): Viewer {
  if (kind === 'public') return { kind, roles, permissions };
  if (kind === 'token') return { kind, token: { id: 1, documentId: 'token1', name: 'Token' }, permissions };
  const role = { id: 1, name: 'Role', description: null, type: roles[0] ?? '' };
  const account = { ...(user as NonNullable<Account>), blocked: false, blockedUntil: null, role, furtherRoles: [] };
  return { kind, account, session: 'session1', amr: [], provenAt: null, roles, permissions };
}

type Account = Pick<
  Extract<Viewer, { kind: 'user' }>['account'],
  'id' | 'documentId' | 'username' | 'email' | 'confirmed'
>;
