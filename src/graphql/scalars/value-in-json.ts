import { GraphQLBoolean, GraphQLFloat, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql';
import type { Column } from '../content-type/model.ts';
import { parseDateTime } from '../date-time.ts';
import { parseScalar } from './scalars.ts';

/** A value that is not of the type of its column. */
export const INVALID = Symbol('invalid');

const SPECIFIED: Readonly<Record<string, GraphQLScalarType>> = {
  String: GraphQLString,
  Int: GraphQLInt,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
};

/** A value of a JSON document as GraphQL would take it as a variable for a column. */
export function valueInJson(column: Pick<Column, 'type' | 'list' | 'values'>, value: unknown): unknown {
  if (value === null) return null;
  if (!column.list) return one(column, value);
  const values = [value].flat().map((each) => one(column, each));
  return values.includes(INVALID) ? INVALID : values;
}

function one({ type, values }: Pick<Column, 'type' | 'values'>, value: unknown): unknown {
  try {
    if (values) return values.includes(value as string) ? value : INVALID;
    if (type === 'DateTime') return parseDateTime(value);
    const specified = SPECIFIED[type];
    return specified ? specified.coerceInputValue(value) : parseScalar(type, value);
  } catch {
    return INVALID; // the reason can repeat the value
  }
}
