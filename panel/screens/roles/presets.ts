import { type Grant, verbOf } from './held.ts';
import type { RuleField, RuleType } from './use-directory.ts';

export type Preset =
  | { readonly kind: 'own'; readonly field: string; readonly grant: Grant }
  | { readonly kind: 'is'; readonly field: string; readonly value: boolean; readonly grant: Grant }
  | { readonly kind: 'past'; readonly field: string; readonly grant: Grant }
  | { readonly kind: 'without'; readonly field: string; readonly grant: Grant };

/** Grants that people often want for an action on a type. */
export function presetsFor(type: RuleType, action: string, hasUser: boolean): Preset[] {
  const verb = verbOf(action);
  if (!verb) return [];
  const owners = hasUser ? type.fields.filter((field) => !field.many && field.variables.includes('$user')) : [];
  if (verb === 'create') {
    return owners.map(({ name }): Preset => ({ kind: 'own', field: name, grant: { set: { [name]: '$user' } } }));
  }
  const columns = type.fields.filter(({ kind }) => kind === 'COLUMN');
  return [
    ...owners.map(({ name }): Preset => ({ kind: 'own', field: name, grant: { where: { [name]: '$user' } } })),
    ...columns.filter(({ type: of }) => of === 'Boolean').flatMap(({ name }) => [is(name, true), is(name, false)]),
    ...columns
      .filter(({ type: of, name }) => of === 'DateTime' && /publish|release|live|visible/i.test(name))
      .map(({ name }): Preset => ({ kind: 'past', field: name, grant: { where: { [name]: { lte: '$now' } } } })),
    ...(verb === 'delete' ? [] : restrictable(type, action).map(({ name }) => without(type, action, name))),
  ];
}

function is(field: string, value: boolean): Preset {
  return { kind: 'is', field, value, grant: { where: { [field]: { eq: value } } } };
}

function without(type: RuleType, action: string, field: string): Preset {
  const fields = fieldsFor(type, action).filter((name) => name !== field);
  return { kind: 'without', field, grant: { fields } };
}

function restrictable(type: RuleType, action: string): RuleField[] {
  const known = new Set(fieldsFor(type, action));
  return type.fields.filter(({ name }) => known.has(name));
}

/** What `fields` of a grant can name: what clients can read, or send. The documentId is always told. */
export function fieldsFor(type: RuleType, action: string): string[] {
  const isRead = verbOf(action)?.startsWith('find') ?? false;
  return type.fields
    .filter(({ name, readable, writable }) => name !== 'documentId' && (isRead ? readable : writable))
    .map(({ name }) => name);
}
