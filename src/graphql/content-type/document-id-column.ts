import type { Models } from '../../database/models.ts';
import type { ColumnRules } from './column-rules.ts';
import type { Key } from './key.ts';
import { type Column, membersOf } from './model.ts';

/** The documentId of a model, as clients read and filter it: a text column, or what is made of the columns of the key. */
export function documentIdOf(
  models: Models,
  model: string,
  key: Key,
  rules: Readonly<Record<string, ColumnRules | undefined>> = {},
): Column {
  const [{ name, column, type }, ...more] = key.parts;
  const isText = type === 'text' && more.length === 0;
  if (name === 'documentId' && isText) return membersOf(models, model, [name], rules)[0] as Column; // keyOf() found it
  return {
    kind: 'column',
    name: 'documentId',
    column,
    type: 'ID',
    list: false,
    values: undefined,
    stored: undefined,
    sqlType: 'text',
    digits: undefined,
    required: true,
    hasDefault: true,
    unique: true,
    inUniqueConstraint: true,
    rules: {},
    key: isText ? undefined : key,
  };
}
