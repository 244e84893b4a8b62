import { PothosScopeAuthPlugin } from '@pothos/plugin-scope-auth';
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Permissions, permissionsOf } from '../src/authorization/permissions.ts';
import { createBuilder } from '../src/graphql/builder.ts';
import { ScopeAuth } from '../src/graphql/scope-auth.ts';
import { contextOf } from './support/context.ts';
import { disconnected } from './support/disconnected.ts';

/** Fields with literal actions bypass scope-auth if the viewer has them all. The answers must be those of scope-auth. */

interface Shelf {
  readonly id: number;
}

const RESOLVED: string[] = [];

function resolveTo(name: string): () => string {
  return () => {
    RESOLVED.push(name);
    return name;
  };
}

/** A schema with every form of guard, as siblings and nested; or only with the guards of content types. */
function schemaWithGuards({ everyForm }: { readonly everyForm: boolean }) {
  const builder = createBuilder(disconnected);
  const ShelfRef = builder.objectRef<Shelf>('Shelf').implement({
    authScopes: { $any: { $granted: 'Shelf', action: 'shelf.find' } },
    fields: (t) => ({
      name: t.string({ nullable: true, resolve: resolveTo('name') }),
      slow: t.string({ nullable: true, resolve: async () => resolveTo('slow')() }),
      secret: t.string({ nullable: true, authScopes: { action: 'shelf.secret' }, resolve: resolveTo('secret') }),
      replaced: t.string({
        nullable: true,
        authScopes: { action: 'shelf.secret' },
        unauthorizedResolver: () => 'instead',
        resolve: resolveTo('replaced'),
      }),
    }),
  });
  const Open = builder.objectRef<Shelf>('Open').implement({
    fields: (t) => ({ size: t.string({ nullable: true, resolve: resolveTo('open') }) }),
  });
  const shelves = () => [{ id: 1 }, { id: 2 }];
  const list: [typeof ShelfRef] = [ShelfRef];
  const SHELF = { type: list, nullable: true, resolve: shelves } as const;
  builder.queryFields((t) => ({
    shelves: t.field({ ...SHELF, authScopes: { action: 'shelf.find' } }),
    granting: t.field({ ...SHELF, authScopes: { action: 'shelf.list' }, grantScopes: ['Shelf'] }),
    opens: t.field({ type: [Open], nullable: true, authScopes: { action: 'box.list' }, resolve: shelves }),
  }));
  builder.mutationField('none', (t) => t.string({ authScopes: { action: 'none.none' }, resolve: resolveTo('none') }));
  if (!everyForm) return builder.toSchema();

  builder.objectFields(ShelfRef, (t) => ({
    granted: t.string({ nullable: true, authScopes: { $granted: 'extra' }, resolve: resolveTo('granted') }),
    grantedShelf: t.string({ nullable: true, authScopes: { $granted: 'Shelf' }, resolve: resolveTo('grantedShelf') }),
    never: t.string({ nullable: true, authScopes: () => false, resolve: resolveTo('never') }),
    later: t.string({
      nullable: true,
      authScopes: async () => ({ action: 'shelf.secret' as const }),
      resolve: resolveTo('later'),
    }),
    both: t.string({
      nullable: true,
      authScopes: { $all: { action: 'shelf.secret', $granted: 'extra' } },
      resolve: resolveTo('both'),
    }),
    either: t.string({
      nullable: true,
      authScopes: { $any: { action: 'shelf.secret', $granted: 'extra' } },
      resolve: resolveTo('either'),
    }),
    actionAndMore: t.string({
      nullable: true,
      authScopes: { action: 'shelf.secret', $granted: 'extra' },
      resolve: resolveTo('actionAndMore'),
    }),
    past: t.string({ nullable: true, skipTypeScopes: true, resolve: resolveTo('past') }),
  }));
  const Labelled = builder.interfaceRef<Shelf>('Labelled').implement({
    authScopes: { action: 'label.find' },
    fields: (t) => ({ label: t.string({ nullable: true, resolve: resolveTo('label') }) }),
  });
  const Box = builder.objectRef<Shelf>('Box').implement({
    interfaces: [Labelled],
    authScopes: { action: 'box.find' },
    fields: (t) => ({ size: t.string({ nullable: true, resolve: resolveTo('size') }) }),
  });
  const Crate = builder.objectRef<Shelf>('Crate').implement({
    authScopes: { action: 'box.find' },
    grantScopes: () => ['extra'],
    fields: (t) => ({
      size: t.string({ nullable: true, resolve: resolveTo('crate') }),
      granted: t.string({ nullable: true, authScopes: { $granted: 'extra' }, resolve: resolveTo('crateGranted') }),
    }),
  });
  builder.queryFields((t) => ({
    grantingMore: t.field({ ...SHELF, authScopes: { action: 'shelf.list' }, grantScopes: ['Shelf', 'extra'] }),
    grantingLater: t.field({
      ...SHELF,
      authScopes: { action: 'shelf.list' },
      grantScopes: async () => ['Shelf', 'extra'],
      resolve: async () => shelves(),
    }),
    boxes: t.field({ type: [Box], nullable: true, authScopes: { action: 'box.list' }, resolve: shelves }),
    crates: t.field({ type: [Crate], nullable: true, authScopes: { action: 'box.list' }, resolve: shelves }),
  }));
  return builder.toSchema();
}

const FIELDS = 'name slow secret replaced again: secret';
const EVERY_FIELD = `${FIELDS} granted grantedShelf never later both either actionAndMore past`;

const FORMS = [
  {
    everyForm: false,
    document: `{ shelves { ${FIELDS} } granting { ${FIELDS} } opens { size } }`,
  },
  {
    everyForm: true,
    document: `{
      shelves { ${EVERY_FIELD} } granting { ${EVERY_FIELD} } grantingMore { ${EVERY_FIELD} }
      grantingLater { ${EVERY_FIELD} } boxes { size label } crates { size granted } opens { size }
    }`,
  },
] as const;

const ACTIONS = ['shelf.find', 'shelf.list', 'shelf.secret', 'box.list', 'box.find', 'label.find'];
const SETS = Array.from({ length: 2 ** ACTIONS.length }, (_, set) =>
  ACTIONS.filter((_action, position) => (set >> position) % 2 === 1),
);

async function answerOf(schema: GraphQLSchema, document: string, permissions: Permissions) {
  RESOLVED.length = 0;
  const contextValue = contextOf(permissions);
  const { data, errors = [] }: ExecutionResult = await execute({ schema, document: parse(document), contextValue });
  return {
    data,
    errors: errors.map(({ message, path, extensions }) => JSON.stringify({ message, path, extensions })).sort(),
    resolved: [...RESOLVED].sort(),
  };
}

/** The same schema, guarded by scope-auth without our fast path. */
function guardedByScopeAuth(build: () => GraphQLSchema): GraphQLSchema {
  const { wrapResolve } = ScopeAuth.prototype;
  ScopeAuth.prototype.wrapResolve = PothosScopeAuthPlugin.prototype.wrapResolve;
  try {
    return build();
  } finally {
    ScopeAuth.prototype.wrapResolve = wrapResolve;
  }
}

describe.each(FORMS)(
  'the fast path gives the same answers as scope-auth (every form of guard: $everyForm)',
  (forms) => {
    const ours = schemaWithGuards(forms);
    const theirs = guardedByScopeAuth(() => schemaWithGuards(forms));

    test.each(SETS.map((actions) => [actions.join(', ') || 'nothing', actions]))(
      'for a viewer with %s',
      async (_what, actions) => {
        const permissions = permissionsOf(actions);
        const expected = await answerOf(theirs, forms.document, permissions);
        expect(await answerOf(ours, forms.document, permissions)).toEqual(expected);
      },
    );

    test('and different sets of actions get different answers', async () => {
      const answers = new Set<string>();
      for (const actions of SETS) {
        answers.add(JSON.stringify(await answerOf(ours, forms.document, permissionsOf(actions))));
      }
      expect(answers.size).toBeGreaterThanOrEqual(forms.everyForm ? 20 : 10);
    });
  },
);

test('a grant with a custom scope name is not lost', async () => {
  const build = () => {
    const builder = createBuilder(disconnected);
    const Book = builder.objectRef<Shelf>('Book').implement({
      authScopes: { $any: { $granted: 'reader', action: 'book.find' } },
      fields: (t) => ({ name: t.string({ nullable: true, resolve: resolveTo('book') }) }),
    });
    builder.queryField('books', (t) =>
      t.field({
        type: [Book],
        nullable: true,
        authScopes: { action: 'book.list' },
        grantScopes: ['reader'],
        resolve: () => [{ id: 1 }],
      }),
    );
    builder.mutationField('none', (t) => t.string({ authScopes: { action: 'none.none' }, resolve: resolveTo('none') }));
    return builder.toSchema();
  };
  for (const actions of [[], ['book.list'], ['book.find'], ['book.list', 'book.find']]) {
    const permissions = permissionsOf(actions);
    const expected = await answerOf(guardedByScopeAuth(build), '{ books { name } }', permissions);
    expect(await answerOf(build(), '{ books { name } }', permissions)).toEqual(expected);
  }
});

test('scope-auth is not called for a viewer who has the actions', async () => {
  let calls = 0;
  const permissions: Permissions = {
    of: 'token',
    allows: () => true,
    grants: () => {
      calls += 1;
      return 'all';
    },
  };
  const schema = schemaWithGuards({ everyForm: false });
  const contextValue = { viewer: { permissions } };
  const { errors } = await execute({ schema, document: parse('{ shelves { name slow } }'), contextValue });
  expect(errors).toBeUndefined();
  expect(calls).toBe(1 + 2 * 2); // the list, and each field of each row: scope-auth caches the rest
});
