import { useSyncExternalStore } from 'react';
import { isObject } from './condition.ts';
import { type Grant, verbOf } from './held.ts';
import { fieldsFor } from './presets.ts';
import type { RuleType } from './use-directory.ts';

/** Rules that somebody copied, to insert them for another action, role or token. They last as long as the page. */
export interface CopiedRules {
  readonly grants: readonly Grant[];
  /** Where they are from: the name of the role or token, and the action. */
  readonly from: string;
  readonly action: string;
}

let copied: CopiedRules | undefined;
const listeners = new Set<() => void>();

export function copyRules(rules: CopiedRules): void {
  copied = rules;
  for (const listener of listeners) listener();
}

export function useCopiedRules(): CopiedRules | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => copied,
  );
}

/** What becomes of copied rules for another action. */
export interface Fitted {
  readonly grants: readonly Grant[];
  /** Columns that the other type does not have, and that the rules therefore no longer give. */
  readonly without: readonly string[];
  /** What cannot be left out, since the rules would allow more without it. Where there is something, nothing is inserted. */
  readonly missing: readonly string[];
}

/** What a grant of each verb can say. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  find: ['where', 'fields'],
  findOne: ['where', 'fields'],
  create: ['fields', 'check', 'set'],
  update: ['where', 'fields', 'check', 'set'],
  delete: ['where'],
};

/** @param hasUser whether the holder has users: `$user` means nothing to Public and to a token. */
export function fitted(
  grants: readonly Grant[],
  {
    action,
    types,
    type,
    hasUser,
  }: {
    readonly action: string;
    readonly types: readonly RuleType[];
    readonly type: RuleType;
    readonly hasUser: boolean;
  },
): Fitted {
  const keys = KEYS[verbOf(action) ?? ''] ?? [];
  const known = new Set(fieldsFor(type, action));
  const without = new Set<string>();
  const missing = new Set<string>();
  const inserted = grants.map((grant): Grant => {
    const { where, fields, check, set, ...others } = grant;
    // A condition of the row before is no condition of a new row, and without it everything would be allowed.
    if (where !== undefined && !keys.includes('where')) missing.add('where');
    for (const condition of [keys.includes('where') && where, keys.includes('check') && check]) {
      for (const name of unknownIn(condition, types, type)) missing.add(name);
    }
    if (keys.includes('set') && isObject(set)) {
      for (const name of Object.keys(set)) if (!type.fields.some((field) => field.name === name)) missing.add(name);
    }
    for (const name of fields ?? []) if (keys.includes('fields') && !known.has(name)) without.add(name);
    // Without anything that it says, a rule allows everything.
    if (!Object.keys(grant).some((key) => keys.includes(key))) for (const key of Object.keys(grant)) missing.add(key);
    return {
      ...others,
      ...(where !== undefined && keys.includes('where') && { where }),
      ...(fields && keys.includes('fields') && { fields: fields.filter((name) => known.has(name)) }),
      ...(check !== undefined && keys.includes('check') && { check }),
      ...(set !== undefined && keys.includes('set') && { set }),
    };
  });
  if (!hasUser && mentionsUser(inserted)) missing.add('$user');
  return { grants: inserted, without: [...without], missing: [...missing] };
}

/** Whether a role or token can have copied rules for this action at all: it is another one, and one with rows. */
export function isOfAnother(rules: CopiedRules, from: string, action: string): boolean {
  return rules.from !== from || rules.action !== action;
}

/** The names in a condition that the type, or a type it leads to, does not have. */
function unknownIn(condition: unknown, types: readonly RuleType[], type: RuleType): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([name, value]) => {
    if (name === 'and' || name === 'or') {
      return Array.isArray(value) ? value.flatMap((one) => unknownIn(one, types, type)) : [];
    }
    if (name === 'not') return unknownIn(value, types, type);
    const field = type.fields.find((one) => one.name === name);
    if (!field) return [name];
    const target = field.kind === 'RELATION' ? types.find((one) => one.name === field.type) : undefined;
    return target ? unknownIn(value, types, target).map((inner) => `${name}.${inner}`) : [];
  });
}

function mentionsUser(value: unknown): boolean {
  if (typeof value === 'string') return value === '$user' || value.startsWith('$user.');
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsUser);
}
