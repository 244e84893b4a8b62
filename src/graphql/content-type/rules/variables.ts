import type { Viewer } from '../../../authentication/viewer.ts';

/*
 * A variable stays one until its statement is sent. So a rule is read once for everybody who has it, every viewer has the same
 * SQL text, and nobody's value is ever taken for a part of the rule: `eq: null` means IS NULL, a variable without a value must not.
 */

/** What a variable stands for, without its `$`. */
export type VariableName = `user.${UserVariable}` | 'roles' | 'now';
export type UserVariable = (typeof USER_VARIABLES)[number];
const USER_VARIABLES = ['id', 'documentId', 'username', 'email', 'confirmed'] as const;

/** A value that is known when a statement is sent: of the viewer, or the time. */
export class Variable {
  readonly name: VariableName;
  /** Milliseconds after now. */
  readonly offset: number;
  readonly #write: (value: unknown) => unknown;

  constructor(name: VariableName, offset = 0, write: (value: unknown) => unknown = (value) => value) {
    this.name = name;
    this.offset = offset;
    this.#write = write;
  }

  /** The same, with its value changed: into a pattern of LIKE, for example. */
  map(write: (value: unknown) => unknown): Variable {
    return new Variable(this.name, this.offset, (value) => write(this.#write(value)));
  }

  /** @throws Error when the viewer has no value for it: its grant should not have counted. */
  valueFor(values: VariableValues): unknown {
    return this.#write(this.#valueIn(values));
  }

  #valueIn({ user, roles, now }: VariableValues): unknown {
    if (this.name === 'now') return new Date(now.getTime() + this.offset).toISOString();
    const value = this.name === 'roles' ? roles : user?.[this.name.slice('user.'.length) as UserVariable];
    if (value === undefined) throw new Error(`$${this.name} has no value for this viewer`);
    return value;
  }
}

/** The values of one viewer at one time. */
export interface VariableValues {
  readonly user?: Readonly<Record<UserVariable, string | number | boolean>> | undefined;
  /** The types of the viewer's roles. */
  readonly roles?: readonly string[] | undefined;
  readonly now: Date;
}

export function variableValuesOf(viewer: Viewer, now: Date): VariableValues {
  switch (viewer.kind) {
    case 'user':
      return { user: viewer.account, roles: viewer.roles, now };
    case 'public':
      return { roles: viewer.roles, now };
    default:
      return { now };
  }
}

/** Applies a function to a value that is known now, or to what a variable will have. */
export function mapped(value: unknown, write: (value: unknown) => unknown): unknown {
  return value instanceof Variable ? value.map(write) : write(value);
}

/** The values of a statement, with those of its variables. */
export function bound(values: readonly unknown[], variables: VariableValues): unknown[] {
  return values.map((value) => {
    if (value instanceof Variable) return value.valueFor(variables);
    return Array.isArray(value) ? bound(value, variables) : value;
  });
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What a text of a rule stands for: itself, a variable, or `user`, which is the user as a document. Undefined: an unknown variable. */
export function readVariable(text: string): { readonly text: string } | Variable | 'user' | undefined {
  if (!text.startsWith('$')) return { text };
  if (text.startsWith('$$')) return { text: text.slice(1) };
  if (text === '$user') return 'user';
  if (text === '$roles') return new Variable('roles');
  const of = USER_VARIABLES.find((name) => text === `$user.${name}`);
  if (of) return new Variable(`user.${of}`);
  const [, sign, count, unit = ''] = /^\$now(?:([+-])(\d{1,5})([smhdw]))?$/.exec(text) ?? [];
  if (!text.startsWith('$now') || (sign === undefined && text !== '$now')) return undefined;
  return new Variable('now', sign === undefined ? 0 : Number(`${sign}${count}`) * (UNITS[unit] ?? 0));
}
