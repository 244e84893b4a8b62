import SchemaBuilder, { type PothosOutputFieldConfig, PothosSchemaError, type SchemaTypes } from '@pothos/core';
import { PothosScopeAuthPlugin, RequestCache } from '@pothos/plugin-scope-auth';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { has, type Needed, onlyActionOf, onlyGuardOf } from '../authorization/guard.ts';
import type { Permissions } from '../authorization/permissions.ts';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      gatehouseScopeAuth: ScopeAuth<Types>;
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, object, object>;

/**
 * Scope-auth with a fast path for viewers who are allowed.
 *
 * If the guards of a field are literal actions and the viewer has them all, the field is resolved after one or two lookups;
 * scope-auth would run several steps for each field of each row. Everything else is left to scope-auth: only scope-auth
 * refuses.
 */
export class ScopeAuth<Types extends SchemaTypes> extends PothosScopeAuthPlugin<Types> {
  /** Whether any guard in the schema is not a literal action: it may depend on scopes granted by a field above. */
  #needsGrants = false;

  override wrapResolve(resolver: Resolver, field: PothosOutputFieldConfig<Types>): Resolver {
    const guarded: Resolver = super.wrapResolve(resolver, field);
    if (guarded === resolver) return resolver; // no guards
    const actions = this.#actionsOf(field);
    if (!actions) {
      this.#needsGrants = true;
      return guarded;
    }
    const { grantScopes } = field.pothosOptions as Guards; // Pothos leaves the options of plugins untyped
    return (parent, args, context, info) => {
      const { permissions } = (context as Viewed).viewer; // every context of ours has one
      for (const needed of actions) if (!has(permissions, needed)) return guarded(parent, args, context, info);
      // Saved before the resolver runs: fields below are resolved after it.
      // Literal scopes only: functions are left to scope-auth.
      if (grantScopes && this.#needsGrants) this.#grant(grantScopes as readonly string[], context, info);
      return resolver(parent, args, context, info);
    };
  }

  #grant(scopes: readonly string[], context: object, { path }: GraphQLResolveInfo): void {
    RequestCache.fromContext(context, this.builder).saveGrantedScopes(scopes, path);
  }

  /**
   * The actions that allow a field on every path, including the actions of the types it grants access to; undefined if
   * its guards are not literal actions.
   */
  #actionsOf({ parentType, pothosOptions }: PothosOutputFieldConfig<Types>): readonly Needed[] | undefined {
    const config = this.buildCache.getTypeConfig(parentType);
    const type = config.pothosOptions as Guards;
    const field = pothosOptions as Guards;
    const granted = field.grantScopes ?? [];
    const isPlain =
      config.graphqlKind === 'Object' &&
      (!('interfaces' in config) || config.interfaces.length === 0) &&
      Array.isArray(granted);
    if (!isPlain) return undefined;
    const needed = [
      ...(type.authScopes ? [onlyGuardOf(type.authScopes, parentType)] : []),
      ...(field.authScopes ? [onlyActionOf(field.authScopes)] : []),
    ];
    if (needed.includes(undefined)) return undefined;
    const all = [...needed, ...granted.map((name) => this.#guardOf(name))].filter((one) => one !== undefined);
    // Each once: a field of a type often needs what the type needs.
    return [...new Map(all.map((one) => [`${one.action} ${one.withRules}`, one])).values()];
  }

  /** The action that allows a type; undefined if there is no such type, or its guard is not a literal action. */
  #guardOf(name: string): Needed | undefined {
    try {
      return onlyGuardOf((this.buildCache.getTypeConfig(name).pothosOptions as Guards).authScopes, name);
    } catch (error) {
      if (error instanceof PothosSchemaError) return undefined;
      throw error;
    }
  }
}

/** The guard options of a field or a type. */
interface Guards {
  readonly authScopes?: unknown;
  readonly grantScopes?: unknown;
}

/** The part of the context used here (context.ts). Pothos plugins do not know its type. */
interface Viewed {
  readonly viewer: { readonly permissions: Permissions };
}

SchemaBuilder.registerPlugin('gatehouseScopeAuth', ScopeAuth);

export default 'gatehouseScopeAuth' as const;
