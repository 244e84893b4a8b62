import type { ValueNode } from 'graphql';
import type { Builder } from '../builder.ts';
import { parseJson } from '../json.ts';
import { parseBytes } from './bytes.ts';
import { parseDate } from './date.ts';
import { parseDecimal, parseDecimalLiteral } from './decimal.ts';
import { parseLong, parseLongLiteral } from './long.ts';
import { parseTime } from './time.ts';

interface Scalar {
  readonly description: string;
  readonly serialize: (value: unknown) => unknown;
  readonly parseValue: (value: unknown) => NonNullable<unknown>;
  readonly parseLiteral?: (node: ValueNode) => NonNullable<unknown>;
}

/** Rows are read in the form in which they are answered. */
const serialize = (value: unknown) => value;

/** The scalars that a schema has only where something in it is of this type. */
const SCALARS: Readonly<Record<string, Scalar>> = {
  Decimal: {
    description: 'A decimal number with all its digits, as a text: "12.50". In an input also as a number.',
    serialize,
    parseValue: parseDecimal,
    parseLiteral: parseDecimalLiteral,
  },
  Long: {
    description: 'An integer of 64 bits, as a text of its digits. In an input also as a number.',
    serialize,
    parseValue: parseLong,
    parseLiteral: parseLongLiteral,
  },
  Date: { description: 'A day: 2026-11-22.', serialize, parseValue: parseDate },
  Time: { description: 'A time of day: 09:30:00.000.', serialize, parseValue: parseTime },
  JSON: {
    description: 'Any JSON value. In an input: at most 64 KB and 20 levels.',
    serialize,
    parseValue: parseJson,
  },
  Bytes: { description: 'Bytes as base64, at most 512 KB.', serialize, parseValue: parseBytes },
};

/** @throws GraphQLError for a value that is not of this scalar. */
export function parseScalar(name: string, value: unknown): unknown {
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (!scalar) throw new Error(`${name} is no scalar`);
  return scalar.parseValue(value);
}

const added = new WeakMap<object, Set<string>>();

/** Adds the scalar with this name to a schema, if it is one of these and the schema does not have it yet. */
export function addScalar(builder: Builder, name: string): void {
  const names = added.get(builder) ?? new Set();
  added.set(builder, names);
  const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
  if (!scalar || names.has(name)) return;
  names.add(name);
  builder.scalarType(name as 'JSON', scalar); // content types refer to scalars by name
}
