import { coerceInputValue, type GraphQLInputType, type GraphQLSchema, isInputType } from 'graphql';
import { refuse } from '../../../common/errors.ts';
import { valueError } from '../../operation/check-input.ts';
import { invalidValues } from '../../operation/validate-values.ts';
import type { ListArguments } from '../arguments/list-arguments.ts';
import type { ContentType } from '../content-type.ts';
import type { Data } from '../input/input-type.ts';
import { asParsed, asSent } from './values.ts';

/** Validation errors of one input. */
const MAX_FAULTS = 20;

/** The data of a write, as GraphQL reads it by the input type of the content type. */
export function readData(graphql: GraphQLSchema, { name }: ContentType, data: object): Data {
  return read(graphql, `${name}Input`, data) as Data;
}

/** The arguments of a list, as GraphQL reads them. */
export function readListInput(graphql: GraphQLSchema, { name }: ContentType, args: ListArguments): ListArguments {
  const { filters, pagination, sort, search } = args;
  const error = valueError([sort, search]);
  if (error) throw error;
  return {
    filters: filters && read(graphql, `${name}FiltersInput`, filters),
    pagination: pagination && (read(graphql, 'PaginationArg', pagination) as ListArguments['pagination']),
    sort: sort && [sort].flat(),
    search,
  };
}

/**
 * @throws ApiError BAD_USER_INPUT for a value that the type does not have: much of what code writes comes from clients, or from other
 * servers.
 */
function read(graphql: GraphQLSchema, name: string, value: object): unknown {
  const type = graphql.getType(name);
  if (!isInputType(type)) throw new Error(`There is no input type ${name}`);
  const sent = asSent(type, value);
  const error = valueError(sent);
  if (error) throw error;
  refuse(invalidValues(sent, type as GraphQLInputType, MAX_FAULTS));
  return coerceInputValue(sent, type);
}

/** Columns that a field sets itself, as their scalars parse them. */
export function readSet(type: ContentType, verb: 'create' | 'update', set: object): Data {
  const keys = [...type.rowKey, ...type.key.parts.map(({ column }) => column)];
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const error = valueError(given);
  if (error) throw error;
  return Object.fromEntries(
    given.map(([name, value]) => {
      const column = type.settable.get(name);
      if (!column)
        throw new Error(`${type.model} has no column ${name} that can be set. A relation is set by its column`);
      if (verb === 'update' && keys.includes(column.column)) throw new Error(`${name} of ${type.model} is its key`);
      return [name, asParsed(column, value)];
    }),
  );
}
