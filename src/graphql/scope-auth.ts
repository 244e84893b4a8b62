import SchemaBuilder, { type PothosOutputFieldConfig, PothosSchemaError, type SchemaTypes } from '@pothos/core';
import { PothosScopeAuthPlugin, RequestCache } from '@pothos/plugin-scope-auth';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { onlyActionOf, onlyGuardOf } from '../authorization/guard.ts';
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
 * Scope-auth, asked only where its answer is not known already.
 *
 * A field whose guards are literal actions is resolved at once for who holds all of them: a look-up or two, where scope-auth
 * takes steps, caches and prepared failures for each field of each row. Whoever lacks one of them, and whatever is guarded in
 * another way, is left to scope-auth: what is refused, and how, is decided there and nowhere else.
 */
export class ScopeAuth<Types extends SchemaTypes> extends PothosScopeAuthPlugin<Types> {
  /** Whether something in the schema is guarded in another way: it may ask for anything that was granted above it. */
  #isAsked = false;

  override wrapResolve(resolver: Resolver, field: PothosOutputFieldConfig<Types>): Resolver {
    const asking: Resolver = super.wrapResolve(resolver, field);
    if (asking === resolver) return resolver; // nothing guards it
    const actions = this.#actionsOf(field);
    if (!actions) {
      this.#isAsked = true;
      return asking;
    }
    const { grantScopes } = field.pothosOptions as Guards;
    return (parent, args, context, info) => {
      const { permissions } = (context as Viewed).viewer;
      for (const action of actions) if (!permissions.allows(action)) return asking(parent, args, context, info);
      // Nothing below is resolved before this field is.
      if (grantScopes && this.#isAsked) this.#grant(grantScopes as readonly string[], context, info);
      return resolver(parent, args, context, info);
    };
  }

  #grant(scopes: readonly string[], context: object, { path }: GraphQLResolveInfo): void {
    RequestCache.fromContext(context, this.builder).saveGrantedScopes(scopes, path);
  }

  /**
   * The actions with which a field is open, however it was reached, and what it grants is not needed by the types that it
   * is granted to; undefined where it takes more to know.
   */
  #actionsOf({ parentType, pothosOptions }: PothosOutputFieldConfig<Types>): readonly string[] | undefined {
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
    return [...new Set([...needed, ...granted.map((name) => this.#guardOf(name))])].filter(
      (action) => action !== undefined,
    );
  }

  /** The action that is enough for a type; undefined where there is none of this name, or it is guarded in another way. */
  #guardOf(name: string): string | undefined {
    try {
      return onlyGuardOf((this.buildCache.getTypeConfig(name).pothosOptions as Guards).authScopes, name);
    } catch (error) {
      if (error instanceof PothosSchemaError) return undefined;
      throw error;
    }
  }
}

/** What is said of a field's or a type's guards. */
interface Guards {
  readonly authScopes?: unknown;
  readonly grantScopes?: unknown;
}

/** Every context is of this kind (context.ts): Pothos does not tell a plugin so. */
interface Viewed {
  readonly viewer: { readonly permissions: Permissions };
}

SchemaBuilder.registerPlugin('gatehouseScopeAuth', ScopeAuth);

export default 'gatehouseScopeAuth' as const;
