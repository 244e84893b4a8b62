import { GATEHOUSE_USER_COLUMNS } from '../../accounts/user-columns.ts';
import { USER_FIELD_READERS, USER_FIELD_WRITERS } from '../../accounts/user-fields.ts';
import type { Models } from '../../database/models.ts';
import type { ColumnRules } from '../content-type/column-rules.ts';
import { fieldsOf, membersOf } from '../content-type/model.ts';

export const SCHEMA_FILE = 'prisma/schema/user.prisma';

/** What is a field or an argument of users already, without being a column. */
const RESERVED: readonly string[] = [
  ...['roles', 'role', 'sessions', 'effectivePermissions', 'permissions', 'password', 'currentPassword'],
  ...['session', 'because', 'impersonatedBy'], // in entries of the audit log
  ...['and', 'or', 'not'], // operators of filters
];

const OPTIONS = ['read', 'write', 'hidden', 'required', 'validate'];

/** Returns all errors of a declaration that was not type checked, one line each. */
export function faultsOfUserFields(models: Models, declared: unknown): string[] {
  if (typeof declared !== 'object' || declared === null) return ['userFields() takes an object with columns of users'];
  return Object.entries(declared).flatMap(([name, field]) => {
    const faults = faultsOfName(models, name);
    return faults.length > 0 ? faults : faultsOfField(models, name, field);
  });
}

function faultsOfName(models: Models, name: string): string[] {
  const gatehouse: readonly string[] = GATEHOUSE_USER_COLUMNS; // widened for the check
  const fields = fieldsOf(models, 'User') ?? {};
  const own = Object.entries(fields).filter(([one, { kind }]) => kind !== 'object' && !gatehouse.includes(one));
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (gatehouse.includes(name)) {
    return [
      `User.${name} is a column of Gatehouse's own. Only columns of the model UserFields in ${SCHEMA_FILE} can be declared`,
    ];
  }
  if (RESERVED.includes(name)) {
    return [`User.${name} has the name of something that users have already. Rename the field (and @map it)`];
  }
  if (!field) {
    const there = own.length > 0 ? own.map(([one]) => one).join(', ') : 'it has none yet';
    return [`User has no column ${name} of the model UserFields in ${SCHEMA_FILE}: ${there}`];
  }
  return field.kind === 'object' ? [`User.${name} is a relation. Only columns can be declared`] : [];
}

function faultsOfField(models: Models, name: string, field: unknown): string[] {
  if (typeof field !== 'object' || field === null) return [`User.${name} must be an object with read and write`];
  const { read, write, hidden = false, required = false, validate, ...rules } = field as Record<string, unknown>;
  const lists = [
    ...faultsOfList(name, 'read', read, USER_FIELD_READERS),
    ...faultsOfList(name, 'write', write, USER_FIELD_WRITERS),
  ];
  const options = [
    ...(typeof hidden === 'boolean' ? [] : [`User.${name}: hidden must be true or false`]),
    ...(typeof required === 'boolean' ? [] : [`User.${name}: required must be true or false`]),
    ...(validate === undefined || typeof validate === 'function' ? [] : [`User.${name}: validate must be a function`]),
    ...faultsOfRules(models, name, rules),
  ];
  if (lists.length > 0 || options.length > 0) return [...lists, ...options];
  const [readers, writers] = [read as readonly string[], write as readonly string[]];
  return [
    ...(hidden && writers.includes('administrators')
      ? [`User.${name} is hidden from administrators, who would write it unseen. Remove one of the two`]
      : []),
    ...(required && writers.length === 0
      ? [`User.${name} is required, and nobody writes it. Remove required, or say who writes it`]
      : []),
    // The error for a value that is taken says which values there are.
    ...(isUnique(models, name) && writers.includes('users') && !readers.includes('users')
      ? [`User.${name} is unique, and written by users, but not read by them. Add 'users' to read`]
      : []),
  ];
}

function faultsOfList(name: string, option: string, list: unknown, allowed: readonly string[]): string[] {
  const known = Array.isArray(list) && list.every((one) => allowed.includes(one as string));
  if (known && new Set(list).size === list.length) return [];
  return [`User.${name}: ${option} must be a list of ${allowed.join(', ')} ([] for none)`];
}

function faultsOfRules(models: Models, name: string, rules: Record<string, unknown>): string[] {
  try {
    membersOf(models, 'User', [name], { [name]: rules as ColumnRules }); // each is checked there
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUnknown = error.message.includes('unknown rule');
    return [isUnknown ? `${error.message}. The other options are ${OPTIONS.join(', ')}` : error.message];
  }
}

function isUnique(models: Models, name: string): boolean {
  const [member] = membersOf(models, 'User', [name], {});
  return member?.inUniqueConstraint === true;
}
