import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeclaredContentType } from '../src/graphql/content-type/content-type.ts';
import { documentIdIn, documentIdOf, textsOf, valuesOf } from '../src/graphql/content-type/document-ids.ts';
import type { Key, KeyType } from '../src/graphql/content-type/key.ts';
import { resolveContentTypes } from '../src/graphql/content-type/resolve-content-types.ts';
import { contentType, singleType } from './shop/declare.ts';
import { models } from './shop/shop.ts';

// What a key can be, which is said at start, and how documentIds are made of it.

const declare = contentType as unknown as (model: string, declaration: object) => DeclaredContentType;
const lists = { read: [], write: [] };

test.each<[model: string, declaration: object, fault: string]>([
  [
    'Product',
    { ...lists, key: 'skuu' },
    'Product: key names skuu, which is no column of the model. The columns are sku, name,',
  ],
  ['Product', { ...lists, key: 'toString' }, 'Product: key names toString, which is no column'],
  ['Product', { ...lists, key: 'supplier' }, 'Product: key names supplier, which is a relation'],
  ['Product', { ...lists, key: 'name' }, 'Product: the key name is not unique. The model needs name @unique'],
  ['Product', { ...lists, key: [] }, 'Product: key must be the name of a column, or a list of them'],
  ['Product', { ...lists, key: 7 }, 'Product: key must be the name of a column, or a list of them'],
  ['Product', { ...lists, key: ['sku', 'sku'] }, 'Product: key names sku twice'],
  [
    'Product',
    { ...lists, key: ['sku', 'name'] },
    'Product: the key sku, name is not unique. The model needs @@unique([sku, name])',
  ],
  ['Stock', { ...lists, key: ['warehouseNo', 'sku'] }, 'Stock: the key warehouseNo, sku is not unique'],
  ['Measurement', { ...lists, key: 'value' }, 'Measurement.value is of type Float, which cannot be part of a key'],
  ['Measurement', { ...lists, key: 'at' }, 'Measurement.at is of type DateTime, which cannot be part of a key'],
  ['Measurement', { ...lists, key: 'data' }, 'Measurement.data is of type Json, which cannot be part of a key'],
  ['Measurement', { ...lists, key: 'code' }, 'Measurement.code can be null, so it cannot be part of a key'],
  ['ParcelItem', { ...lists, key: ['position', 'text'] }, 'ParcelItem.text can be null, so it cannot be part of a key'],
  [
    'Product',
    { ...lists, numericId: true },
    'Product: numericId is true, but the model has no id Int @id. Leave numericId out',
  ],
  [
    'Product',
    { read: ['documentId'], write: [] },
    'Product.documentId is made of the key, and always included. Leave it out of read',
  ],
  ['Product', { read: ['name'], write: ['name'] }, 'Product.sku is required, has no @default and is not in write'],
  [
    'Shelf',
    { read: ['warehouse', 'code'], write: ['warehouse', 'code', 'from'] },
    'Shelf.from sets the key of Move.from, which shares a column with another relation. Leave it out of write',
  ],
  ['Attempt', lists, "Attempt cannot be a content type: it is a table of Gatehouse's own"],
])('%s %j: %s', (model, declaration, fault) => {
  expect(() => resolveContentTypes(models, [declare(model, declaration)])).toThrow(fault);
});

test('a single type needs a numeric id, and a misspelt key does not compile', () => {
  expect(() => resolveContentTypes(models, [singleType('Product', { read: [], write: [] })])).toThrow(
    'Product cannot be a single type: its one row has the id 1, so its model needs id Int @id',
  );
  // @ts-expect-error there is no column skuu
  expect(() => resolveContentTypes(models, [contentType('Product', { read: [], write: [], key: 'skuu' })])).toThrow();
  // @ts-expect-error nor is it one of several
  const several = contentType('Stock', { read: [], write: [], key: ['warehouseNo', 'shelf_code', 'sku'] });
  expect(() => resolveContentTypes(models, [several])).toThrow('shelf_code');
});

test('the declarations of the documentation are declarations', () => {
  const page = readFileSync('docs/existing-database.md', 'utf8');
  const blocks = [...page.matchAll(/^```ts\nimport .*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  expect(blocks.length).toBeGreaterThan(1);
  for (const code of blocks) {
    const declared = new Function('contentType', code.replace(/^export const \w+ =/m, 'return'))(declare);
    expect(resolveContentTypes(models, [declared])).toHaveLength(1);
  }
});

const integer = (bits: number) => {
  const end = 2n ** BigInt(bits - 1);
  return fc.bigInt({ min: -end, max: end - 1n }).map(String);
};
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => one.isWellFormed() && !one.includes('\0'));
const VALUES: Readonly<Record<KeyType, fc.Arbitrary<string>>> = {
  int2: integer(16),
  int4: integer(32),
  int8: integer(64),
  uuid: fc.uuid(),
  text,
  bpchar: text.map((one) => one.replace(/ +$/, '')),
};

/** A key, and the texts of one of its rows. */
const keyed = fc
  .array(fc.constantFrom<KeyType>('int2', 'int4', 'int8', 'uuid', 'text', 'bpchar'), { minLength: 1, maxLength: 4 })
  .chain((types) =>
    fc.record({
      key: fc.constant({
        parts: types.map((type, index) => ({ name: `c${index}`, column: `c${index}`, type })),
        together: '',
      } as unknown as Key), // it has at least one part
      texts: fc.tuple(...types.map((type) => VALUES[type])),
    }),
  );

test('every row has one documentId, from which its key is read again', () => {
  fc.assert(
    fc.property(keyed, ({ key, texts }) => {
      const documentId = documentIdOf(texts);
      expect(textsOf(key, documentId)).toEqual(texts);
      const values = valuesOf(key, documentId);
      expect(values && documentIdIn(key, values)).toBe(documentId);
    }),
  );
});

test('two rows have two documentIds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((count) => {
        const row = fc.array(fc.oneof(text, fc.constantFrom('', '.', 'a', 'a.', '.a')), {
          minLength: count,
          maxLength: count,
        });
        return fc.tuple(row, row);
      }),
      ([one, other]) => {
        expect(documentIdOf(one) === documentIdOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      },
    ),
  );
});

test('nothing else is read: a text from which a key is read is the documentId of that key', () => {
  const mutated = keyed.chain(({ key, texts }) => {
    const documentId = documentIdOf(texts);
    return fc.record({
      key: fc.constant(key),
      written: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.stringMatching(/^[-\w.=+/ ]{0,40}$/),
        fc
          .tuple(fc.nat(documentId.length), fc.constantFrom('', '=', '.', 'A', ' ', '0', '-', '\n', '\0'))
          .map(([at, more]) => documentId.slice(0, at) + more + documentId.slice(at)),
        fc.constant(documentId.toUpperCase()),
      ),
    });
  });
  fc.assert(
    fc.property(mutated, ({ key, written }) => {
      const texts = textsOf(key, written);
      if (texts) expect(documentIdOf(texts)).toBe(written);
    }),
    { numRuns: 2_000 },
  );
});

const key = (...types: KeyType[]) =>
  ({ parts: types.map((type) => ({ name: 'c', column: 'c', type })), together: '' }) as unknown as Key;

test.each<[KeyType, readonly string[]]>([
  ['int2', ['32768', '-32769', '00', '-0', '+1', ' 1', '1 ', '1.0', '1e1', '0x1', '', '١']],
  ['int4', ['2147483648', '-2147483649', '01', '1_000', '9'.repeat(100_000)]],
  ['int8', ['9223372036854775808', '-9223372036854775809', 'NaN', '1n']],
  [
    'uuid',
    [
      '',
      '6F1C1E0E-0000-4000-8000-000000000001',
      '{6f1c1e0e-0000-4000-8000-000000000001}',
      '6f1c1e0e000040008000000000000001',
    ],
  ],
  ['text', ['\0', 'a\0b', '\uD800', 'a\uDC00']],
  ['bpchar', ['a ', ' ', `${' '.repeat(100_000)}a `]],
])('no value of a column of type %s is written so', (type, texts) => {
  for (const one of texts) {
    expect(textsOf(key(type), one)).toBeUndefined();
    // A text that is not well formed has no bytes.
    if (one.isWellFormed()) expect(textsOf(key('int4', type), documentIdOf(['1', one]))).toBeUndefined();
  }
});
