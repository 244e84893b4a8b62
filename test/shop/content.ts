import { contentType } from './declare.ts';
import { hooksNow } from './hooks.ts';

export const supplier = contentType('Supplier', {
  read: ['name', 'products', 'labels'],
  write: ['name', 'products', 'labels'],
});
export const product = contentType('Product', {
  key: 'sku',
  read: ['sku', 'name', 'price', 'supplier', 'translations', 'stock', 'variantOf', 'variants', 'labels'],
  write: ['sku', 'name', 'price', 'supplier', 'variantOf', 'variants', 'labels'],
});
export const label = contentType('Label', {
  read: ['key', 'text', 'products', 'suppliers'],
  write: ['key', 'text', 'products', 'suppliers'],
});
export const translation = contentType('Translation', {
  read: ['product', 'locale', 'title'],
  write: ['product', 'locale', 'title'],
});
export const warehouse = contentType('Warehouse', {
  read: ['number', 'city', 'shelves'],
  write: ['number', 'city'],
});
export const shelf = contentType('Shelf', {
  plural: 'shelves',
  read: ['warehouse', 'code', 'height', 'stock', 'items'],
  write: ['warehouse', 'code', 'height', 'items'],
});
export const stock = contentType('Stock', {
  plural: 'stocks',
  read: ['shelf', 'product', 'quantity'],
  write: ['shelf', 'product', 'quantity'],
  hooks: {
    beforeUpdate: (data, context) => hooksNow.stock.beforeUpdate?.(data, context),
    afterUpdate: (data, context) => hooksNow.stock.afterUpdate?.(data, context),
  },
});
export const parcel = contentType('Parcel', { read: ['note', 'items'], write: ['note'] });
export const parcelItem = contentType('ParcelItem', {
  read: ['parcel', 'position', 'text', 'shelf', 'replaces', 'replacements'],
  write: ['parcel', 'position', 'text', 'shelf', 'replaces', 'replacements'],
});
export const employee = contentType('Employee', {
  key: ['badge', 'office'],
  numericId: true,
  read: ['office', 'badge', 'email', 'name', 'boss', 'team'],
  write: ['office', 'badge', 'email', 'name', 'boss', 'team'],
});
export const move = contentType('Move', {
  read: ['from', 'to', 'warehouse', 'warehouseNo'],
  write: ['from', 'to', 'warehouseNo'],
  hooks: {
    beforeCreate: (data, context) => hooksNow.move.beforeCreate?.(data, context),
    beforeUpdate: (data, context) => hooksNow.move.beforeUpdate?.(data, context),
  },
});
const itemColumns = [
  'name',
  'price',
  'serial',
  'data',
  'bytes',
  'day',
  'time',
  'at',
  'days',
  'ats',
  'size',
  'sizes',
] as const;
export const item = contentType('Item', { read: [...itemColumns, 'gross'], write: itemColumns });
export const itemPrice = contentType('ItemPrice', { key: 'name', read: ['name', 'price'], write: [] });
