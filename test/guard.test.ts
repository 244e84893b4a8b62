import { getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { actionNamedBy, actionsOf, guarded } from '../src/authorization/guard.ts';
import { permissionsOf } from '../src/authorization/permissions.ts';
import { createBuilder } from '../src/graphql/builder.ts';
import { addContentTypes } from '../src/graphql/content-type/add-content-types.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { refusalsOf } from '../src/graphql/operation/refused-fields.ts';
import { type BlogBuilder, ofBlog } from './blog/builder.ts';
import { contentType } from './blog/declare.ts';
import { disconnected } from './support/disconnected.ts';

function schemaWith(add: (builder: BlogBuilder) => void) {
  const builder = createBuilder(disconnected);
  const tag = contentType('Tag', { read: ['name'], write: ['name'] });
  addContentTypes(builder, disconnected, resolveContentTypes(disconnected.models, [tag]));
  add(ofBlog(builder));
  return builder.toSchema();
}

describe('a schema with an unguarded field does not start', () => {
  test.each<[string, (builder: BlogBuilder) => void, string]>([
    ['a query without a guard', (b) => b.queryField('open', (t) => t.string({ resolve: () => 'x' })), 'Query.open'],
    [
      'a mutation without a guard',
      (b) => b.mutationField('wide', (t) => t.string({ resolve: () => 'x' })),
      'Mutation.wide',
    ],
    [
      'empty scopes',
      (b) => b.queryField('empty', (t) => t.string({ authScopes: {}, resolve: () => 'x' })),
      'Query.empty',
    ],
    [
      'a computed guard',
      (b) => b.queryField('computed', (t) => t.string({ authScopes: () => true, resolve: () => 'x' })),
      'Query.computed',
    ],
    [
      'a guard that is one of several alternatives',
      (b) =>
        b.queryField('either', (t) => t.string({ authScopes: { $any: { action: 'tag.find' } }, resolve: () => 'x' })),
      'Query.either',
    ],
  ])('%s', (_what, add, field) => {
    expect(() => guarded(schemaWith(add))).toThrow(`${field} names no action`);
  });

  test('a database type without a guard', () => {
    const build = () =>
      schemaWith((builder) => {
        builder.prismaObject('User', { select: { id: true }, fields: (t) => ({ email: t.exposeString('email') }) });
      });
    expect(() => guarded(build())).toThrow('type User has no guard');
  });

  test('each root field of a content type without its action is named in the error', () => {
    const schema = schemaWith(() => {});
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}).map((field) => ({ name: `${type?.name}.${field.name}`, field })),
    );
    expect(roots).toHaveLength(6);
    for (const { name, field } of roots) {
      const { extensions } = field;
      field.extensions = {};
      expect(() => guarded(schema)).toThrow(`${name} names no action`);
      field.extensions = extensions;
    }
    expect(guarded(schema)).toBe(schema);
  });
});

test('the actions are read from the schema', () => {
  expect(actionsOf(schemaWith(() => {}))).toEqual([
    'tag.create',
    'tag.delete',
    'tag.find',
    'tag.findOne',
    'tag.update',
  ]);
  const schema = schemaWith((b) =>
    b.queryField('now', (t) => t.string({ authScopes: { action: 'clock.read' }, resolve: () => 'x' })),
  );
  expect(actionsOf(schema)).toContain('clock.read');
  expect(actionNamedBy(schema.getQueryType()?.getFields()['now'])).toBe('clock.read');
});

test('a custom field does not bypass the guard of the type it returns: it is checked before anything is written', () => {
  const schema = schemaWith((builder) => {
    builder.mutationField('makeTag', (t) =>
      t.prismaField({ type: 'Tag', nullable: true, authScopes: { action: 'tag.create' }, resolve: () => null }),
    );
  });
  const refusedTo = (...actions: string[]) => {
    const document = parse('mutation { makeTag { name } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    const checked = { schema, document, operation, variableValues: { sources: {}, coerced: {} } };
    return refusalsOf(checked, permissionsOf(actions)).map(({ path, error }) => {
      const { details } = error.extensions['error'] as { details: { action?: string } };
      return `${path.join('.')}: ${details.action}`;
    });
  };
  expect(refusedTo('tag.create')).toEqual(['makeTag.name: tag.find']);
  expect(refusedTo('tag.create', 'tag.find')).toEqual([]);
});

describe('an invalid content type does not start', () => {
  test('a relation to a model without a content type', () => {
    const builder = createBuilder(disconnected);
    const post = contentType('Post', { read: ['title', 'author'], write: ['title'] });
    expect(() => addContentTypes(builder, disconnected, resolveContentTypes(disconnected.models, [post]))).toThrow(
      'Post.author points to Author',
    );
  });

  test('a misspelt column does not compile', () => {
    // @ts-expect-error There is no such column.
    const tag = contentType('Tag', { read: ['nam'], write: [] });
    expect(() => resolveContentTypes(disconnected.models, [tag])).toThrow('Tag has no column or relation nam');
    // @ts-expect-error There is no such model.
    const tga = contentType('Tga', { read: [], write: [] });
    expect(() => resolveContentTypes(disconnected.models, [tga])).toThrow('there is no model Tga');
  });
});
