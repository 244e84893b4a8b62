import { expect, test } from 'vitest';
import { changesOf, conflictsOf, drafted, resolved, sentFor } from '../panel/screens/roles/changes.ts';
import { type Held, type Holding, holdingOf, isSameHeld } from '../panel/screens/roles/held.ts';
import { directoryOf, holdersOf, includedIn, inheritedOf } from '../panel/screens/roles/holders.ts';
import { matrixRows, searchRows } from '../panel/screens/roles/matrix-rows.ts';

/* What the panel lists as changes is what it sends, and nothing else. */

const OWN = [{ where: { owner: '$user' } }];
const BASE: Holding = new Map<string, Held>([
  ['post.find', 'all'],
  ['post.update', OWN],
  ['tag.find', 'all'],
]);

test('a change that is taken back is none', () => {
  const draft = drafted(BASE, new Map(), [
    ['post.find', 'none'],
    ['post.create', 'all'],
  ]);
  expect(changesOf(BASE, draft).map(({ action }) => action)).toEqual(['post.create', 'post.find']);
  const back = drafted(BASE, draft, [
    ['post.find', 'all'],
    ['post.create', 'none'],
  ]);
  expect(back.size).toBe(0);
});

test('rules with their keys in another order are the same rules', () => {
  expect(isSameHeld([{ where: { a: 1, b: 2 } }], [{ where: { b: 2, a: 1 } }])).toBe(true);
  expect(isSameHeld([{ fields: ['a', 'b'] }], [{ fields: ['b', 'a'] }])).toBe(false);
});

test.each<[string, Held, object]>([
  ['post.create', 'all', { add: ['post.create'], remove: [], grants: [] }],
  ['post.find', 'none', { add: [], remove: ['post.find'], grants: [] }],
  ['post.update', 'none', { add: [], remove: ['post.update'], grants: [] }],
  // To lift the rules of an action that is held, they have to be named: `add` would leave them.
  ['post.update', 'all', { add: [], remove: [], grants: [{ action: 'post.update', grants: null }] }],
  ['post.find', OWN, { add: [], remove: [], grants: [{ action: 'post.find', grants: OWN }] }],
  ['post.create', OWN, { add: [], remove: [], grants: [{ action: 'post.create', grants: OWN }] }],
  ['post.find', 'all', { add: [], remove: [], grants: [] }],
])('%s to %j is sent as it is meant', (action, to, sent) => {
  expect(sentFor(BASE, drafted(BASE, new Map(), [[action, to]]))).toEqual(sent);
});

test('what somebody else changed is shown beside the own change, and only that', () => {
  const now: Holding = new Map<string, Held>([
    ['post.find', OWN],
    ['post.update', OWN],
    ['tag.create', 'all'],
  ]);
  const draft = drafted(BASE, new Map(), [
    ['post.find', 'none'],
    ['post.delete', 'all'],
  ]);
  expect(conflictsOf(BASE, now, draft)).toEqual([
    { action: 'post.find', before: 'all', now: OWN, mine: 'none' },
    { action: 'tag.create', before: 'none', now: 'all', mine: undefined },
    { action: 'tag.find', before: 'all', now: 'none', mine: undefined },
  ]);
  expect([...resolved(now, draft, new Set())]).toEqual([
    ['post.find', 'none'],
    ['post.delete', 'all'],
  ]);
  expect([...resolved(now, draft, new Set(['post.find']))]).toEqual([['post.delete', 'all']]);
});

test('nulls of the answer are no keys of a grant', () => {
  const grants = [{ where: { a: { eq: null } }, fields: null, check: null, set: null }];
  expect(holdingOf(['a.find'], [{ action: 'a.find', grants }]).get('a.find')).toEqual([{ where: { a: { eq: null } } }]);
});

const role = (documentId: string, permissions: readonly string[], includes: readonly string[] = [], userCount = 1) => ({
  documentId,
  name: documentId,
  type: documentId,
  userCount,
  permissions,
  includes: includes.map((id) => ({ documentId: id })),
  grants: [],
});
const DIRECTORY = directoryOf(
  [
    role('writer', ['post.create'], ['reader'], 3),
    { ...role('reader', ['post.find'], ['guest'], 5), grants: [{ action: 'post.find', grants: OWN }] },
    role('guest', ['tag.find']),
  ],
  [
    { documentId: 't1', name: 'all', kind: 'FULL_ACCESS', actions: [], grants: [] },
    { documentId: 't2', name: 'read', kind: 'READ_ONLY', actions: [], grants: [] },
    { documentId: 't3', name: 'some', kind: 'CUSTOM', actions: ['post.create'], grants: [] },
  ],
);

test('what a role has by inclusion is found at any depth', () => {
  const included = includedIn(DIRECTORY.roles, ['reader']);
  expect(included.map(({ name }) => name)).toEqual(['reader', 'guest']);
  expect(inheritedOf(included, 'tag.find')).toEqual({ held: 'all', from: ['guest'] });
  expect(inheritedOf(included, 'post.find')).toEqual({ held: OWN, from: ['reader'] });
  expect(inheritedOf(included, 'post.create')).toBeUndefined();
});

test('who else has an action: roles by inclusion too, tokens by their kind, and never oneself', () => {
  const find = holdersOf(DIRECTORY, 'post.find', false, 'guest');
  expect(find.roles.map(({ name, restricted }) => [name, restricted])).toEqual([
    ['writer', true],
    ['reader', true],
  ]);
  expect(find.users).toBe(8);
  expect(find.tokens.map(({ name }) => name)).toEqual(['all', 'read']);
  const create = holdersOf(DIRECTORY, 'post.create', true, 'writer');
  expect(create.roles).toEqual([]);
  expect(create.tokens.map(({ name }) => name)).toEqual(['all', 'some']);
});

const action = (name: string, label = name) => ({
  action: name,
  label,
  description: '',
  rootFields: [],
  writes: false,
});
const ROWS = matrixRows([
  { type: 'auth', label: 'Logging in', actions: [action('auth.login', 'Log in')] },
  { type: 'post', label: 'Post', actions: [action('post.delete'), action('post.find'), action('post.publish')] },
]);

test('types with documents come first, their verbs in the order of the columns', () => {
  expect(ROWS.map(({ type, cells, others }) => [type, [...cells.keys()], others.length])).toEqual([
    ['post', ['find', 'delete'], 1],
    ['auth', [], 1],
  ]);
});

test.each([
  ['', ['post', 'auth']],
  ['POST', ['post']],
  ['log in', ['auth']],
  ['post publish', ['post']],
  ['nothing', []],
])('a search for %j', (text, types) => {
  expect(searchRows(ROWS, text).map(({ type }) => type)).toEqual(types);
});

test('a search for an action leaves the others of its type out', () => {
  const [row] = searchRows(ROWS, 'publish');
  expect([row?.cells.size, row?.others.map((one) => one.action)]).toEqual([0, ['post.publish']]);
});
