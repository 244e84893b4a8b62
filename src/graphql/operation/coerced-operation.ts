import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableValues,
} from 'graphql';
import { ApiError, invalidInput } from '../../common/errors.ts';
import type { Reading } from './collect-fields.ts';
import { invalidValues } from './validate-values.ts';

/** An operation that is about to be executed. */
export interface OperationArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation with its variables coerced, by the same code as in the executor. */
export interface CoercedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: VariableValues;
}

/**
 * Coerces the variables of an operation.
 *
 * @throws ApiError BAD_USER_INPUT with every invalid variable, each error at its path; BAD_REQUEST when the document has no such
 * operation.
 */
export function coerceOperation({
  schema,
  document,
  operationName,
  variableValues,
}: OperationArguments): CoercedOperation {
  const operation = getOperationAST(document, operationName);
  // Yoga's message.
  if (!operation) throw new ApiError('BAD_REQUEST', 'Could not determine what operation to execute.');
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, {
    maxErrors: 1, // wrongVariables finds all of them
    hideSuggestions: true,
  });
  if (coerced.errors) throw wrongVariables(schema, operation, variableValues ?? {});
  return { schema, document, operation, variableValues: coerced.variableValues };
}

/** What collectFields needs of an operation. */
export function readingOf({ schema, document, variableValues }: CoercedOperation): Reading {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return {
    schema,
    variableValues,
    fragments: Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment])),
  };
}

function wrongVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
): GraphQLError {
  const faults = variableDefinitions.flatMap(({ variable, type: typeNode, defaultValue }) => {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!isInputType(type) || (value === undefined && (defaultValue || !isNonNullType(type)))) return [];
    return invalidValues(value, type, MAX_ERRORS).map(({ path, message }) => ({
      path: [name, ...path],
      message: `Variable "$${name}"${path.length > 0 ? ` at "${path.join('.')}"` : ''}: ${message}`,
    }));
  });
  return invalidInput(faults.slice(0, MAX_ERRORS));
}

/** A list of a million invalid values must not cause a million errors. */
const MAX_ERRORS = 20;
