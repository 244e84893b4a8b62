import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hooksNow } from './shop/hooks.ts';
import { type ShopServer, startShop } from './shop/start-shop.ts';
import { restrict } from './support/restrict.ts';

// Relations between tables whose keys are not `id Int`: over one column, over several, over join tables, and to the table itself.

let server: ShopServer;
beforeAll(async () => {
  server = await startShop();
});
afterAll(() => server?.close());

let bern: string;
let thun: string;
let a: string;
let b: string;
let parcel: string;
let items: string[];
beforeEach(async () => {
  await server.empty();
  bern = await server.create('Warehouse', { number: 1, city: 'Bern' });
  thun = await server.create('Warehouse', { number: 2, city: 'Thun' });
  a = await server.create('Shelf', { warehouse: bern, code: 'a', height: 1 });
  b = await server.create('Shelf', { warehouse: thun, code: 'a', height: 2 });
  parcel = await server.create('Parcel', { note: 'first' });
  items = [];
  for (const [position, shelf] of [a, b, null].entries()) {
    items.push(await server.create('ParcelItem', { parcel, position, text: `i${position}`, shelf }));
  }
});

const updateItem = (documentId: string | undefined, data: object) =>
  server.data(
    'mutation ($documentId: ID!, $data: ParcelItemInput!) { updateParcelItem(documentId: $documentId, data: $data) { documentId shelf { documentId } replaces { documentId } parcel { documentId } position } }',
    { documentId, data },
  );

async function textsOf(filters: object, sort: string[] = ['position']): Promise<string[]> {
  const { parcelItems } = await server.data(
    'query ($filters: ParcelItemFiltersInput, $sort: [String]) { parcelItems(filters: $filters, sort: $sort) { text } }',
    { filters, sort },
  );
  return parcelItems.map(({ text }: { text: string }) => text);
}

describe('a foreign key of two columns', () => {
  test('is read from both sides, in one statement', async () => {
    server.statements.length = 0;
    const { warehouses } = await server.data(
      '{ warehouses(sort: "number") { city shelves { documentId items { text parcel { note } } items_connection { pageInfo { total } } } } }',
    );
    expect(server.statements.filter((sql) => sql.includes('json_'))).toHaveLength(1);
    const items = (n: number) => ({
      items: [{ text: `i${n}`, parcel: { note: 'first' } }],
      items_connection: { pageInfo: { total: 1 } },
    });
    expect(warehouses).toEqual([
      { city: 'Bern', shelves: [{ documentId: a, ...items(0) }] },
      { city: 'Thun', shelves: [{ documentId: b, ...items(1) }] },
    ]);
  });

  test('filters and sorts', async () => {
    expect(await textsOf({ shelf: { height: { eq: 2 } } })).toEqual(['i1']);
    expect(await textsOf({ shelf: { warehouse: { city: { eq: 'Bern' } } } })).toEqual(['i0']);
    expect(await textsOf({ shelf: { documentId: { eq: b } } })).toEqual(['i1']);
    expect(await textsOf({ shelf: { documentId: { in: [a, 'no'] } } })).toEqual(['i0']);
    expect(await textsOf({ shelf: null })).toEqual(['i2']);
    expect(await textsOf({ not: { shelf: { documentId: { eq: a } } } })).toEqual(['i1']);
    expect(await textsOf({ not: { shelf: { documentId: { eq: 'no' } } } })).toEqual(['i0', 'i1']);
    expect(await textsOf({ not: { shelf: { documentId: { in: ['no'] } } } })).toEqual(['i0', 'i1']);
    expect(await textsOf({}, ['shelf.warehouse.city:desc', 'position'])).toEqual(['i2', 'i1', 'i0']);
    expect(await textsOf({}, ['shelf.documentId'])).toEqual(['i0', 'i1', 'i2']);
    const { shelves } = await server.data('{ shelves(filters: { items: { text: { eq: "i1" } } }) { documentId } }');
    expect(shelves).toEqual([{ documentId: b }]);
    const none = await server.data('{ shelves(filters: { items: { text: { null: true } } }) { documentId } }');
    expect(none.shelves).toEqual([]);
  });

  test('is set and cleared by a documentId, with all its columns', async () => {
    const columns = () =>
      server.database.query('SELECT shelf_warehouse, shelf_code FROM parcel_items WHERE "position" = 2', []);
    expect((await updateItem(items[2], { shelf: b })).updateParcelItem.shelf).toEqual({ documentId: b });
    expect(await columns()).toEqual([{ shelf_warehouse: 2, shelf_code: 'a' }]);
    expect((await updateItem(items[2], { shelf: null })).updateParcelItem.shelf).toBeNull();
    expect(await columns()).toEqual([{ shelf_warehouse: null, shelf_code: null }]);
    const update =
      'mutation ($id: ID!, $data: ParcelItemInput!) { updateParcelItem(documentId: $id, data: $data) { documentId } }';
    for (const shelf of ['no', `${a}.${a}`, items[0], '']) {
      expect(await server.faultsOf(update, { id: items[0], data: { shelf } })).toEqual([
        'shelf: shelf names a document that does not exist',
      ]);
    }
    expect(await textsOf({ shelf: { documentId: { eq: a } } })).toEqual(['i0']);
  });

  test('with a null in one of its columns leads nowhere', async () => {
    await server.database.query('UPDATE parcel_items SET shelf_code = NULL WHERE "position" = 0', []);
    const { parcelItem } = await server.data(
      'query ($id: ID!) { parcelItem(documentId: $id) { shelf { documentId } } }',
      { id: items[0] },
    );
    expect(parcelItem).toEqual({ shelf: null });
    expect(await textsOf({ shelf: null })).toEqual(['i0', 'i2']);
  });

  test('is set and cleared from the other side', async () => {
    const update = (list: unknown) =>
      server.data(
        'mutation ($id: ID!, $data: ShelfInput!) { updateShelf(documentId: $id, data: $data) { items(sort: "position") { text } } }',
        { id: a, data: { items: list } },
      );
    expect(await update([items[1], items[2]])).toEqual({ updateShelf: { items: [{ text: 'i1' }, { text: 'i2' }] } });
    expect(await textsOf({ shelf: null })).toEqual(['i0']);
    expect(await update(null)).toEqual({ updateShelf: { items: [] } });
    expect(await textsOf({ shelf: null })).toEqual(['i0', 'i1', 'i2']);
    const made = await server.create('Shelf', { warehouse: thun, code: 'new', items: [items[0]] });
    expect(await textsOf({ shelf: { documentId: { eq: made } } })).toEqual(['i0']);
  });

  test('can lead to the table itself', async () => {
    expect((await updateItem(items[1], { replaces: items[0] })).updateParcelItem.replaces).toEqual({
      documentId: items[0],
    });
    const { parcelItem } = await server.data(
      'query ($id: ID!) { parcelItem(documentId: $id) { replacements { text replaces { text } } } }',
      { id: items[0] },
    );
    expect(parcelItem.replacements).toEqual([{ text: 'i1', replaces: { text: 'i0' } }]);
    expect(await textsOf({ replaces: { shelf: { height: { eq: 1 } } } })).toEqual(['i1']);
    expect(await textsOf({ replacements: null })).toEqual(['i1', 'i2']);
    await server.data(
      'mutation ($id: ID!, $data: ParcelItemInput!) { updateParcelItem(documentId: $id, data: $data) { documentId } }',
      { id: items[2], data: { replacements: [items[0], items[1]] } },
    );
    expect(await textsOf({ replaces: { position: { eq: 2 } } })).toEqual(['i0', 'i1']);
  });

  test('is named in the conditions and the values of rules', async () => {
    const token = await server.tokenOf('reader');
    const { database } = server;
    for (const action of ['shelf.find', 'shelf.findOne', 'parcel.find', 'parcelItem.find']) {
      await restrict(database, 'authenticated', action, null);
    }
    await restrict(database, 'authenticated', 'parcelItem.find', [{ where: { shelf: { height: { gt: 1 } } } }]);
    await restrict(database, 'authenticated', 'parcelItem.create', [
      { fields: ['parcel', 'position', 'text'], set: { shelf: b }, check: { shelf: { height: { eq: 2 } } } },
    ]);
    const { data: found } = await server.ask('{ parcelItems { text } }', { token });
    expect(found).toEqual({ parcelItems: [{ text: 'i1' }] });
    const createItem = (data: object) =>
      server.ask('mutation ($data: ParcelItemInput!) { createParcelItem(data: $data) { text shelf { documentId } } }', {
        token,
        variables: { data },
      });
    await restrict(database, 'authenticated', 'parcel.find', null);
    const made = await createItem({ parcel, position: 7, text: 'i7' });
    expect(made.data, made.text).toEqual({ createParcelItem: { text: 'i7', shelf: { documentId: b } } });
    const sent = await createItem({ parcel, position: 8, shelf: a });
    expect(sent.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    // A document that the viewer cannot find cannot be linked.
    await restrict(database, 'authenticated', 'shelf.find', [{ where: { warehouse: { city: { eq: 'Bern' } } } }]);
    await restrict(database, 'authenticated', 'parcelItem.create', null);
    const hidden = await createItem({ parcel, position: 9, shelf: b });
    expect(hidden.errors?.[0]?.extensions.error.details.errors?.[0]?.message).toBe(
      'shelf names a document that does not exist',
    );
    const shown = await createItem({ parcel, position: 9, shelf: a });
    expect(shown.data, shown.text).toMatchObject({ createParcelItem: { shelf: { documentId: a } } });
  });

  test('counts among what refers to a document', async () => {
    const token = await server.adminToken();
    const { data } = await server.askAdmin(
      'query ($id: ID!) { references(type: "Shelf", documentId: $id) { type field count onDelete } }',
      { token, variables: { id: a } },
    );
    expect(data.references.filter(({ type }: { type: string }) => type !== 'Move')).toEqual([
      { type: 'Stock', field: 'shelf', count: 0, onDelete: 'PREVENTS' },
      { type: 'ParcelItem', field: 'shelf', count: 1, onDelete: 'PREVENTS' },
    ]);
    expect(
      await server.faultsOf('mutation ($id: ID!) { deleteShelf(documentId: $id) { documentId } }', { id: a }),
    ).toEqual(['APPLICATION_ERROR: Another document requires this one']);
  });
});

test('a join table with a column of its own is a content type, and is read through', async () => {
  const product = await server.create('Product', { sku: 'lamp', name: 'Lamp' });
  const stock = await server.create('Stock', { shelf: a, product, quantity: 5 });
  await server.create('Stock', { shelf: b, product, quantity: 7 });
  const { products } = await server.data(
    '{ products { stock(sort: "quantity:desc") { quantity shelf { height warehouse { city } } } } }',
  );
  expect(products[0].stock).toEqual([
    { quantity: 7, shelf: { height: 2, warehouse: { city: 'Thun' } } },
    { quantity: 5, shelf: { height: 1, warehouse: { city: 'Bern' } } },
  ]);
  const found = await server.data('{ products(filters: { stock: { shelf: { height: { gt: 1 } } } }) { sku } }');
  expect(found.products).toEqual([{ sku: 'lamp' }]);
  const createStock = 'mutation ($data: StockInput!) { createStock(data: $data) { documentId } }';
  expect(await server.faultsOf(createStock, { data: { shelf: a, product, quantity: 1 } })).toEqual([
    'shelf: This attribute must be unique',
    'product: This attribute must be unique',
  ]);
  expect(await server.faultsOf(createStock, { data: { shelf: a } })).toEqual(['product: product must be defined.']);
  await server.data('mutation ($id: ID!) { deleteStock(documentId: $id) { documentId } }', { id: stock });
  expect((await server.data('{ stocks { quantity } }')).stocks).toEqual([{ quantity: 7 }]);
});

test('many-to-many relations link rows by their keys: a text, and a BigInt', async () => {
  const red = await server.create('Label', { key: 'red', text: 'Red' });
  const old = await server.create('Label', { key: 'old', text: 'Old' });
  const lamp = await server.create('Product', { sku: 'lamp', name: 'Lamp', labels: [red, old] });
  const supplier = await server.create('Supplier', { name: 'Acme', labels: [red], products: [lamp] });
  const read = '{ labels(sort: "text") { documentId products { sku supplier { name } } suppliers { documentId } } }';
  expect((await server.data(read)).labels).toEqual([
    { documentId: old, products: [{ sku: 'lamp', supplier: { name: 'Acme' } }], suppliers: [] },
    { documentId: red, products: [{ sku: 'lamp', supplier: { name: 'Acme' } }], suppliers: [{ documentId: supplier }] },
  ]);
  const update =
    'mutation ($id: ID!, $data: ProductInput!) { updateProduct(documentId: $id, data: $data) { labels { key } } }';
  expect(await server.data(update, { id: lamp, data: { labels: [old] } })).toEqual({
    updateProduct: { labels: [{ key: expect.stringMatching(/^old/) }] },
  });
  const { products } = await server.data('{ products(filters: { labels: { documentId: { eq: "old" } } }) { sku } }');
  expect(products).toEqual([{ sku: 'lamp' }]);
  expect(await server.data(update, { id: lamp, data: { labels: null } })).toEqual({ updateProduct: { labels: [] } });
});

test('a relation can refer to another column than the key', async () => {
  const boss = await server.create('Employee', { office: 'Bern', badge: 1, email: 'boss@x.test', name: 'Boss' });
  await server.create('Employee', { office: 'Bern', badge: 2, email: 'b@x.test', name: 'B', boss });
  const { employees } = await server.data('{ employees(sort: "badge") { id boss { name } team { name } } }');
  expect(employees).toEqual([
    { id: '1', boss: null, team: [{ name: 'B' }] },
    { id: '2', boss: { name: 'Boss' }, team: [] },
  ]);
  expect((await server.data('{ employee(id: "2") { name } }')).employee).toEqual({ name: 'B' });
  expect((await server.data('query ($id: ID) { employee(documentId: $id) { name } }', { id: boss })).employee).toEqual({
    name: 'Boss',
  });
});

describe('an update of the key', () => {
  test('of a text answers the document under its new documentId, and what refers to it follows', async () => {
    const lamp = await server.create('Product', { sku: 'lamp', name: 'Lamp' });
    const translation = await server.create('Translation', { product: lamp, locale: 'de', title: 'Lampe' });
    const { updateProduct } = await server.data(
      'mutation ($id: ID!, $data: ProductInput!) { updateProduct(documentId: $id, data: $data) { documentId sku translations { documentId title } } }',
      { id: lamp, data: { sku: 'lamp 2' } },
    );
    expect(updateProduct).toMatchObject({ documentId: 'lamp 2', sku: 'lamp 2', translations: [{ title: 'Lampe' }] });
    expect(updateProduct.translations[0].documentId).not.toBe(translation);
    expect((await server.data('{ product(documentId: "lamp") { sku } }')).product).toBeNull();
    const other = await server.create('Product', { sku: 'other', name: 'Other' });
    const update =
      'mutation ($id: ID!, $data: ProductInput!) { updateProduct(documentId: $id, data: $data) { documentId } }';
    expect(await server.faultsOf(update, { id: other, data: { sku: 'lamp 2' } })).toEqual([
      'sku: This attribute must be unique',
    ]);
    expect(await server.faultsOf(update, { id: other, data: { sku: null } })).toEqual(['sku: sku must be defined.']);
    expect((await server.data(update, { id: other, data: { sku: 'other' } })).updateProduct.documentId).toBe('other');
  });

  test('of several columns, one of which is the key of a relation', async () => {
    const second = await server.create('Parcel', {});
    const { updateParcelItem } = await updateItem(items[2], { parcel: second, position: 5 });
    expect(updateParcelItem).toMatchObject({ parcel: { documentId: second }, position: 5 });
    expect(updateParcelItem.documentId).not.toBe(items[2]);
    const update =
      'mutation ($id: ID!, $data: ParcelItemInput!) { updateParcelItem(documentId: $id, data: $data) { documentId } }';
    expect(await server.faultsOf(update, { id: items[0], data: { position: 1 } })).toEqual([
      'parcel: This attribute must be unique',
      'position: This attribute must be unique',
    ]);
    expect(await server.faultsOf(update, { id: items[0], data: { parcel: null } })).toEqual([
      'parcel: parcel must be defined.',
    ]);
  });

  test('together with links in other tables', async () => {
    const lamp = await server.create('Product', { sku: 'lamp', name: 'Lamp' });
    const bulb = await server.create('Product', { sku: 'bulb', name: 'Bulb' });
    const red = await server.create('Label', { key: 'red', text: 'Red' });
    const { updateProduct } = await server.data(
      'mutation ($id: ID!, $data: ProductInput!) { updateProduct(documentId: $id, data: $data) { documentId variants { sku } labels { text } } }',
      { id: lamp, data: { sku: 'lamp 2', variants: [bulb], labels: [red] } },
    );
    expect(updateProduct).toEqual({ documentId: 'lamp 2', variants: [{ sku: 'bulb' }], labels: [{ text: 'Red' }] });
  });
});

test('a create without the columns of its key says which', async () => {
  const document = (type: string) => `mutation ($data: ${type}Input!) { create${type}(data: $data) { documentId } }`;
  expect(await server.faultsOf(document('Product'), { data: { name: 'x' } })).toEqual(['sku: sku must be defined.']);
  expect(await server.faultsOf(document('Shelf'), { data: {} })).toEqual([
    'warehouse: warehouse must be defined.',
    'code: code must be defined.',
  ]);
  expect(await server.faultsOf(document('Warehouse'), { data: { number: 1, city: 'x' } })).toEqual([
    'number: This attribute must be unique',
  ]);
});

describe('fields in plain Pothos', () => {
  test('return rows of any key, whose fields are loaded together', async () => {
    const supplier = await server.create('Supplier', { name: 'Acme' });
    await server.create('Label', { key: 'red', text: 'Red' });
    server.statements.length = 0;
    const answer = await server.data(
      '{ allShelves { documentId height warehouse { city } } allSuppliers { documentId name shout } allLabels { documentId text } }',
    );
    expect(answer).toEqual({
      allShelves: [
        { documentId: a, height: 1, warehouse: { city: 'Bern' } },
        { documentId: b, height: 2, warehouse: { city: 'Thun' } },
      ],
      allSuppliers: [{ documentId: supplier, name: 'Acme', shout: 'ACME' }],
      allLabels: [{ documentId: 'red', text: 'Red' }],
    });
    expect(server.statements.filter((sql) => sql.includes('json_'))).toHaveLength(3);
  });

  test('on such rows load what they select', async () => {
    const { shelves } = await server.data('{ shelves(sort: "height") { place } }');
    expect(shelves).toEqual([{ place: 'a at 1' }, { place: 'a at 2' }]);
  });

  test('ask what the viewer may do, of a document and of rows', async () => {
    const token = await server.tokenOf('reader');
    const inThun = [{ where: { warehouse: { city: { eq: 'Thun' } } } }];
    await restrict(server.database, 'authenticated', 'shelf.update', inThun);
    await restrict(server.database, 'authenticated', 'shelf.find', inThun);
    const { data, text } = await server.ask(
      'query ($a: ID!, $b: ID!) { a: mayUpdateShelf(documentId: $a) b: mayUpdateShelf(documentId: $b) no: mayUpdateShelf(documentId: "no") heightOfShelves }',
      { token, variables: { a, b } },
    );
    expect(data, text).toEqual({ a: false, b: true, no: false, heightOfShelves: 2 });
  });
});

test('administrators see what a user sees of it', async () => {
  await restrict(server.database, 'authenticated', 'shelf.findOne', [{ where: { height: { eq: 2 } } }]);
  const user = await server.database.prisma.user.findFirstOrThrow({ where: { username: 'reader' } });
  const { data, text } = await server.askAdmin(
    'query ($user: ID!, $query: String!, $variables: JSON) { contentAsUser(user: $user, query: $query, variables: $variables) { data errors } }',
    {
      token: await server.adminToken(),
      variables: {
        user: user.documentId,
        query:
          'query ($a: ID!, $b: ID!) { a: shelf(documentId: $a) { documentId } b: shelf(documentId: $b) { documentId } }',
        variables: { a, b },
      },
    },
  );
  expect(data?.contentAsUser, text).toEqual({ data: { a: null, b: { documentId: b } }, errors: null });
});

describe('relations that share a column', () => {
  const createMove = 'mutation ($data: MoveInput!) { createMove(data: $data) { documentId } }';
  const updateMove =
    'mutation ($id: ID!, $data: MoveInput!) { updateMove(documentId: $id, data: $data) { warehouseNo warehouse { city } from { documentId } to { documentId } } }';
  let c: string;
  let id: string;
  beforeEach(async () => {
    c = await server.create('Shelf', { warehouse: bern, code: 'c' });
    id = await server.create('Move', { from: a, to: c, warehouseNo: 1 });
  });
  afterEach(() => {
    hooksNow.move = {};
  });
  const stored = async () => (await server.database.query('SELECT * FROM moves ORDER BY id', []))[0];
  const updated = async (data: object) => (await server.data(updateMove, { id, data })).updateMove;
  const link = (documentId: string) => ({ documentId });
  const disagree = (name: string) => `${name}: The related documents do not belong together`;
  const mustBeSent = (name: string) => `${name}: ${name} would lead to another document, so it must be sent, too`;

  test('agree on it in a new document', async () => {
    expect(await server.faultsOf(createMove, { data: { from: a, to: b, warehouseNo: 1 } })).toEqual([disagree('to')]);
    expect(await server.faultsOf(createMove, { data: { from: a, warehouseNo: 2 } })).toEqual([disagree('from')]);
    expect((await server.data('{ moves { documentId } }')).moves).toEqual([link(id)]);
  });

  test('agree on it in an update, and one that is not exposed for writing follows', async () => {
    const before = await stored();
    for (const [data, faults] of [
      [{ from: b, to: c }, [disagree('from')]],
      [{ from: b }, [mustBeSent('to')]],
      [{ to: b }, [mustBeSent('from')]],
      [{ from: b, warehouseNo: 2 }, [mustBeSent('to')]],
      [{ from: b, warehouseNo: 1 }, [disagree('from')]],
      [{ from: null, to: b, warehouseNo: 1 }, [disagree('to')]],
      [{ warehouseNo: 2 }, [mustBeSent('from'), mustBeSent('to')]],
    ] as const) {
      const sent = JSON.stringify(data);
      expect((await server.faultsOf(updateMove, { id, data })).sort(), sent).toEqual([...faults].sort());
      expect(await stored(), sent).toEqual(before);
    }
    expect(await updated({ from: c })).toMatchObject({ from: link(c), to: link(c), warehouse: { city: 'Bern' } });
    expect(await updated({ from: null })).toMatchObject({ warehouseNo: 1, from: null, to: link(c) });
    expect(await updated({ to: b })).toEqual({ warehouseNo: 2, warehouse: { city: 'Thun' }, from: null, to: link(b) });
    expect(await updated({ from: a, to: a })).toMatchObject({ warehouseNo: 1, from: link(a), to: link(a) });
    expect(await updated({ from: null, to: b })).toMatchObject({ warehouseNo: 2, from: null, to: link(b) });
    expect(await updated({ from: null, to: null, warehouseNo: 1 })).toMatchObject({ warehouseNo: 1 });
  });

  test('tell nothing of a document that the viewer cannot write', async () => {
    expect(await server.faultsOf(updateMove, { id: 'no', data: { from: b } })).toEqual(['NOT_FOUND: Move not found']);
    const token = await server.tokenOf('reader');
    for (const action of ['shelf.find', 'warehouse.find', 'move.find'])
      await restrict(server.database, 'authenticated', action, null);
    const where = { warehouseNo: { eq: 2 } };
    await restrict(server.database, 'authenticated', 'move.update', [{ where }]);
    const { errors } = await server.ask(updateMove, { token, variables: { id, data: { from: b } } });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('agree on it with what a rule sets', async () => {
    const token = await server.tokenOf('reader');
    for (const action of ['shelf.find', 'warehouse.find', 'move.find'])
      await restrict(server.database, 'authenticated', action, null);
    const before = await stored();
    const send = async (data: object) =>
      (await server.ask(updateMove, { token, variables: { id, data } })).errors?.[0]?.extensions.error.details.errors;
    await restrict(server.database, 'authenticated', 'move.update', [{ set: { from: b } }]);
    expect(await send({})).toMatchObject([
      { path: ['from'], message: 'Another relation of the document would change with this' },
    ]);
    await restrict(server.database, 'authenticated', 'move.update', [{ set: { from: b, to: c } }]);
    expect(await send({})).toMatchObject([{ path: ['to'] }]);
    expect(await stored()).toEqual(before);
    await restrict(server.database, 'authenticated', 'move.update', [{ set: { from: b, to: b } }]);
    expect(await send({})).toBeUndefined();
    expect(await stored()).toMatchObject({ warehouse_no: 2, from_code: 'a', to_code: 'a' });
  });

  test('agree on it with what a hook sets', async () => {
    const before = await stored();
    hooksNow.move.beforeUpdate = (data) => {
      data.warehouseNo = 2;
    };
    expect(await server.faultsOf(updateMove, { id, data: {} })).toEqual([mustBeSent('from'), mustBeSent('to')]);
    expect(await server.faultsOf(updateMove, { id, data: { from: a, to: b } })).toEqual([disagree('from')]);
    hooksNow.move.beforeUpdate = (data) => {
      data.toCode = 'a';
    };
    expect(await server.faultsOf(updateMove, { id, data: { from: b } })).toEqual([mustBeSent('to')]);
    expect(await stored()).toEqual(before);
    hooksNow.move.beforeUpdate = (data) => {
      Object.assign(data, { warehouseNo: 2, toCode: 'a' });
    };
    expect(await server.faultsOf(updateMove, { id, data: {} })).toEqual([mustBeSent('from')]);
    expect(await server.faultsOf(updateMove, { id, data: { from: a } })).toEqual([disagree('from')]);
    expect(await updated({ from: b })).toMatchObject({ warehouseNo: 2, from: link(b), to: link(b) });
    hooksNow.move.beforeCreate = (data) => {
      data.toCode = 'a';
    };
    expect(await server.faultsOf(createMove, { data: { from: b, warehouseNo: 1 } })).toEqual([disagree('from')]);
    expect((await server.data('{ moves { documentId } }')).moves).toEqual([link(id)]);
  });
});

test('hooks of a type with a key of three columns get its documentId', async () => {
  const product = await server.create('Product', { sku: 'lamp', name: 'Lamp' });
  const stock = await server.create('Stock', { shelf: a, product, quantity: 5 });
  const seen: unknown[] = [];
  hooksNow.stock = {
    beforeUpdate: (data, { documentId }) => {
      seen.push(documentId);
      data.quantity = (data.quantity ?? 0) + 1;
    },
    afterUpdate: ({ quantity }, { documentId }) => {
      seen.push(documentId, quantity);
    },
  };
  const update =
    'mutation ($id: ID!, $data: StockInput!) { updateStock(documentId: $id, data: $data) { documentId quantity } }';
  const { updateStock } = await server.data(update, { id: stock, data: { shelf: b, quantity: 6 } });
  await server.gatehouse.idle();
  expect(updateStock.quantity).toBe(7);
  expect(updateStock.documentId).not.toBe(stock);
  expect(seen).toEqual([stock, updateStock.documentId, 7]);
  hooksNow.stock = {
    beforeUpdate: (data) => {
      Object.assign(data, { shelfCode: 'c' });
    },
  };
  expect((await server.ask(update, { variables: { id: updateStock.documentId, data: {} } })).errors).toHaveLength(1);
  hooksNow.stock = {};
  expect((await server.data('{ stocks { quantity shelf { documentId } } }')).stocks).toEqual([
    { quantity: 7, shelf: { documentId: b } },
  ]);
});
