import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { contentType } from './shop/declare.ts';
import { models, shop, tables } from './shop/shop.ts';
import { type ShopServer, startShop } from './shop/start-shop.ts';
import { restrict } from './support/restrict.ts';
import { startServer } from './support/start.ts';

// Columns of other types than texts and numbers in rules and presets, and what PostgreSQL has and clients cannot send.

let server: ShopServer;
beforeAll(async () => {
  server = await startShop();
});
afterAll(() => server?.close());
beforeEach(async () => {
  await server.empty();
  for (const verb of ['find', 'create', 'update']) await restrict(server.database, 'public', `item.${verb}`, null);
});

const names = async () =>
  (await server.data('{ items(sort: "name") { name } }')).items.map(({ name }: { name: string }) => name);

const FULL = {
  price: '9.50',
  serial: '9007199254740993',
  data: { a: 1 },
  bytes: 'AAH/',
  day: '2026-11-22',
  time: '09:30:00.000',
  at: '2026-11-22T09:30:00.000Z',
  size: 'small',
  sizes: ['small', 'large'],
};

describe('a rule on a column', () => {
  test.each([
    // As texts, 9.50 is more than 10.
    ['price', { lt: '10' }, { price: '10.50' }],
    ['price', { eq: '9.5' }, { price: '9.51' }],
    ['serial', { eq: '9007199254740993' }, { serial: '9007199254740992' }],
    ['data', { contains: { a: 1 } }, { data: { a: 2 } }],
    ['bytes', { eq: 'AAH/' }, { bytes: 'AAH+' }],
    ['day', { lte: '2026-11-22' }, { day: '2026-11-23' }],
    ['time', { between: ['09:00', '10:00'] }, { time: '10:00:00.001' }],
    ['size', { eq: 'small' }, { size: 'large' }],
    ['sizes', { has: 'small' }, { sizes: ['large'] }],
  ])('holds for its values: %s %j', async (column, condition, other) => {
    await server.create('Item', { name: 'in', ...FULL });
    const documentId = await server.create('Item', { name: 'out', ...FULL, ...other });
    await server.create('Item', { name: 'empty' });
    const where = { [column]: condition };
    await restrict(server.database, 'public', 'item.find', [{ where }]);
    expect(await names()).toEqual(['in']);
    await restrict(server.database, 'public', 'item.update', [{ where }]);
    const update = 'mutation ($id: ID!) { updateItem(documentId: $id, data: { name: "x" }) { documentId } }';
    expect(await server.faultsOf(update, { id: documentId })).toEqual(['NOT_FOUND: Item not found']);
    await restrict(server.database, 'public', 'item.create', [{ check: where }]);
    const create = 'mutation ($data: ItemInput!) { createItem(data: $data) { documentId } }';
    expect(await server.faultsOf(create, { data: { name: 'new', ...FULL, ...other } })).toEqual([
      'FORBIDDEN: Forbidden access',
    ]);
    expect(await server.create('Item', { name: 'new', ...FULL })).toEqual(expect.any(String));
    expect(await names()).toEqual(['in', 'new']);
  });

  test('can set each of them', async () => {
    await restrict(server.database, 'public', 'item.create', [{ set: FULL }]);
    await server.create('Item', { name: 'preset' });
    const { items } = await server.data(`{ items { ${Object.keys(FULL).join(' ')} } }`);
    expect(items).toEqual([FULL]);
  });
});

describe('a view', () => {
  test('is read, and has no mutation', async () => {
    await server.create('Item', { name: 'one', price: '12.5' });
    const { itemPrices, itemPrice } = await server.data(
      '{ itemPrices(filters: { price: { gt: "9" } }) { documentId name price } itemPrice(documentId: "one") { price } }',
    );
    expect(itemPrices).toEqual([{ documentId: 'one', name: 'one', price: '12.50' }]);
    expect(itemPrice).toEqual({ price: '12.50' });
    for (const mutation of ['createItemPrice', 'updateItemPrice', 'deleteItemPrice']) {
      const { errors } = await server.ask(`mutation { ${mutation} { documentId } }`);
      expect(errors?.[0]?.message).toContain(`Cannot query field "${mutation}"`);
    }
  });

  test('whose declaration writes it stops the start', () => {
    const declared = contentType('ItemPrice', { key: 'name', read: ['name', 'price'], write: ['price'] });
    expect(() => resolveContentTypes(models, [declared])).toThrow(
      'ItemPrice is a view, which cannot be written. Leave write empty: []',
    );
  });
});

test('a value that the database computes cannot be sent; where a declaration lets it, the error names it', async () => {
  await server.create('Item', { name: 'one', price: '10' });
  expect((await server.data('{ items { gross } }')).items).toEqual([{ gross: '12.00' }]);
  const create = 'mutation { createItem(data: { name: "x", gross: "1" }) { name } }';
  const { errors } = await server.ask(create);
  expect(errors?.[0]?.message).toContain('to include unknown field "gross"');
  const written = contentType('Item', { read: ['name', 'gross'], write: ['name', 'gross'] });
  const other = await startServer({ app: { ...shop, extend: undefined, contentTypes: [written] }, tables });
  try {
    for (const verb of ['find', 'create']) await restrict(other.database, 'public', `item.${verb}`, null);
    const refused = await other.ask(create);
    expect(refused.errors?.[0]?.extensions.error.details.errors).toEqual([
      { path: ['gross'], message: 'gross is computed by the database and cannot be set', name: 'ValidationError' },
    ]);
    expect(await other.database.query('SELECT 1 FROM items', [])).toEqual([]);
  } finally {
    await other.close();
  }
});

test('moments that RFC 3339 does not have are the first and the last that it has', async () => {
  const first = { day: '0001-01-01', at: '0001-01-01T00:00:00.000Z' };
  const last = { day: '9999-12-31', at: '9999-12-31T23:59:59.999Z' };
  const { query } = server.database;
  for (const [name, value] of [
    ['a', '-infinity'],
    ['b', '0044-03-15 BC'],
    ['c', '12026-01-01'],
    ['d', 'infinity'],
  ] as const) {
    await query(
      'INSERT INTO items (name, day, at, days, ats) VALUES ($1, $2::text::date, $2::text::timestamptz, ARRAY[$2::text::date, NULL], ARRAY[$2::text::timestamptz, NULL])',
      [name, value],
    );
  }
  await query(`INSERT INTO items (name) VALUES ('e')`, []);
  const { items } = await server.data('{ items(sort: "name") { day at days ats } }');
  const whole = ({ day, at }: typeof first) => ({ day, at, days: [day], ats: [at] });
  const none = { day: null, at: null, days: null, ats: null };
  expect(items).toEqual([whole(first), whole(first), whole(last), whole(last), none]);
  // They are sorted and filtered as what they are in the database.
  const sorted = await server.data('{ items(sort: "at:desc", filters: { at: { notNull: true } }) { name } }');
  expect(sorted.items.map(({ name }: { name: string }) => name)).toEqual(['d', 'c', 'b', 'a']);
  const late = await server.data('{ items(filters: { day: { gt: "9999-12-31" } }, sort: "name") { name } }');
  expect(late.items).toEqual([{ name: 'c' }, { name: 'd' }]);
});

test('an enum whose values have quotes in the database is written, read and filtered', async () => {
  const documentId = await server.create('Item', { name: 'one', size: 'small', sizes: ['small'] });
  await server.create('Item', { name: 'two', size: 'large', sizes: ['large', 'small'] });
  const { items } = await server.data(
    '{ items(filters: { size: { in: [small] }, sizes: { hasEvery: [small] } }) { documentId size sizes } }',
  );
  expect(items).toEqual([{ documentId, size: 'small', sizes: ['small'] }]);
  const stored = await server.database.query('SELECT size::text, sizes::text FROM items WHERE name = $1', ['two']);
  expect(stored).toEqual([{ size: 'large', sizes: '{large,"it\'s \\"small\\""}' }]);
});

test.each([
  ['CHECK (price >= 0)', { price: '-1' }],
  ["EXCLUDE (name WITH =) WHERE (size = 'large')", { name: 'first', size: 'large' }],
])('values that break %s of the table are bad input, and nothing is written', async (rule, wrong) => {
  await server.database.query(`ALTER TABLE public.items ADD CONSTRAINT of_the_table ${rule}`, []);
  try {
    const right = { ...FULL, name: 'first', size: 'large' };
    const documentId = await server.create('Item', right);
    const create = 'mutation ($data: ItemInput!) { createItem(data: $data) { documentId } }';
    const broken = [': The values break a rule of the database'];
    expect(await server.faultsOf(create, { data: { ...right, ...wrong } })).toEqual(broken);
    const other = await server.create('Item', { ...FULL, name: 'second' });
    const update = 'mutation ($id: ID!, $data: ItemInput!) { updateItem(documentId: $id, data: $data) { documentId } }';
    expect(await server.faultsOf(update, { id: other, data: wrong })).toEqual(broken);
    expect(await names()).toEqual(['first', 'second']);
    expect(documentId).not.toBe(other);
  } finally {
    await server.database.query('ALTER TABLE public.items DROP CONSTRAINT of_the_table', []);
  }
});
