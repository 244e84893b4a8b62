import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { actionNamedBy, has, refusalOf } from '../authorization/guard.ts';
import type { Action } from '../authorization/permissions.ts';
import type { Database } from '../database/open.ts';
import type { AdminRole, ApiTokenKind } from '../generated/prisma/client.ts';
import type { ModelTypesOfApp } from '../register.ts';
import type { Context } from './context.ts';
import { parseDateTime, serializeDateTime } from './date-time.ts';
import ScopeAuthPlugin from './scope-auth.ts';

/** The builder of one schema: plugins, scopes and scalars, but no object types. */
export type Builder = ReturnType<typeof createBuilder>;

/** The types that configure Pothos for our schemas. */
export interface OurTypes {
  Context: Context;
  AuthScopes: {
    /** The viewer has the action without restriction. */
    action: Action;
    /** The viewer has the action, perhaps for some rows only. For a field that applies the rules of the permission itself. */
    actionWithRules: Action;
  };
  DefaultAuthStrategy: 'all';
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    ID: { Input: string; Output: string | number };
    /** Only in schemas that add it. */
    JSON: { Input: NonNullable<unknown>; Output: unknown };
    // Enums of the models, added by the content types. Pothos refers to them by name, like scalars.
    AdminRole: { Input: AdminRole; Output: AdminRole };
    ApiTokenKind: { Input: ApiTokenKind; Output: ApiTokenKind };
  };
}

/** Creates a builder. Each schema has its own, so that nothing leaks from one schema into another. */
export function createBuilder({ prisma, models }: Pick<Database, 'prisma' | 'models'>) {
  const builder = new SchemaBuilder<OurTypes & { PrismaTypes: ModelTypesOfApp }>({
    plugins: [ScopeAuthPlugin, PrismaPlugin], // scope-auth first: a refused field is not resolved
    scopeAuth: {
      defaultStrategy: 'all',
      authScopes: ({ viewer: { permissions } }) => ({
        action: (action) => has(permissions, { action, withRules: false }),
        actionWithRules: (action) => has(permissions, { action, withRules: true }),
      }),
      unauthorizedError: (_parent, { viewer: { permissions } }, info) =>
        refusalOf(permissions, actionNamedBy(info.parentType.getFields()[info.fieldName])),
    },
    prisma: { client: prisma, dmmf: models.datamodel(), onUnusedQuery: 'error' },
  });
  builder.scalarType('DateTime', {
    description: 'A point in time, as RFC 3339 writes it: 2026-11-22T09:30:00.000Z.',
    parseValue: parseDateTime,
    serialize: serializeDateTime,
  });
  builder.queryType({});
  builder.mutationType({});
  return builder;
}
