import type { Models } from '../../../database/models.ts';
import type { ColumnRules } from '../column-rules.ts';
import { type AnyModelTypes, type Column, fieldsOf, membersOf } from '../model.ts';
import type { ContentHooks } from './hooks.ts';

/** Hooks, of any model. */
export type DeclaredHooks = ContentHooks<AnyModelTypes>;

/** The columns that code of the server can set, by name: hooks, and fields of the project. Clients can write some of them. */
export function settableColumns(
  models: Models,
  model: string,
  rules: Readonly<Record<string, ColumnRules | undefined>>,
): ReadonlyMap<string, Column> {
  const names = Object.entries(fieldsOf(models, model) ?? {})
    .filter(([, field]) => field.kind !== 'object')
    .map(([name]) => name);
  const columns = names.flatMap((name) => columnOf(models, model, name, rules));
  return new Map(columns.map((column) => [column.name, column]));
}

function columnOf(...[models, model, name, rules]: [Models, string, string, Parameters<typeof membersOf>[3]]) {
  try {
    return membersOf(models, model, [name], rules).filter((member) => member.kind === 'column');
  } catch {
    return []; // of a type that content types do not write
  }
}

const COLLECTION = ['beforeCreate', 'beforeUpdate', 'beforeDelete', 'afterCreate', 'afterUpdate', 'afterDelete'];
const SINGLE = COLLECTION.filter((name) => !name.endsWith('Create'));

/** Returns the errors in the hooks of a declaration that was not type checked. */
export function validateHooks(
  model: string,
  { hooks = {}, write }: { readonly hooks?: unknown; readonly write?: unknown },
  kind: 'collection' | 'single',
): string[] {
  if (typeof hooks !== 'object' || hooks === null) return [`${model}: hooks must be an object with functions`];
  const names = kind === 'single' ? SINGLE : COLLECTION;
  const faults = Object.entries(hooks).flatMap(([name, hook]) => {
    if (!names.includes(name)) {
      const what = `${model}: ${name} is not a hook of a ${kind} type`;
      return [`${what}. The hooks are ${names.join(', ')}`];
    }
    return hook === undefined || typeof hook === 'function' ? [] : [`${model}: the hook ${name} is not a function`];
  });
  const isRead = Array.isArray(write) && write.length === 0;
  if (isRead && Object.keys(hooks).length > 0) {
    faults.push(`${model}: has hooks, but write is empty, so that they never run. Remove one of the two`);
  }
  return faults;
}
