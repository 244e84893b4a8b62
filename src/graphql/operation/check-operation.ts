import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  OperationTypeNode,
  typeFromAST,
} from 'graphql';
import {
  type CheckedOperation,
  type Refusal,
  readingOf,
  refusalsOf,
  refusedData,
} from '../../authorization/operation-check.ts';
import { ApiError, answerTooLarge, invalidInput, timedOut } from '../../common/errors.ts';
import type { ConnectionShares } from '../../database/connection-shares.ts';
import type { Context } from '../context.ts';
import type { AnswerStatus } from './answer.ts';
import { answerSize } from './answer-size.ts';
import { costOf } from './cost.ts';
import { introspectionCost, introspects, usualIntrospection } from './introspection-cost.ts';
import type { Limits } from './limits.ts';
import { unfitInput } from './unfit-input.ts';
import { wrongValues } from './values.ts';

/** An operation that is about to run. */
export interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
  readonly contextValue: Context;
}

/** Runs operations whose documents are valid. */
export interface Runner {
  /**
   * What an operation is answered with that may not run as it is: its variables have to be what they were declared to be,
   * it has to be small enough, and a mutation has to be allowed in every part, down to the last selected relation.
   * Otherwise nothing is written. Undefined for one that may run.
   *
   * @throws GraphQLError for what only turns out wrong once its variables are in it.
   */
  refuse(operation: Operation): ExecutionResult | undefined;
  run(operation: Operation): Promise<ExecutionResult>;
}

export interface RunnerOptions {
  readonly limits: Pick<Limits, 'cost' | 'input' | 'answer'>;
  /** What an operation may hold of the database at a time. */
  readonly shares: Pick<ConnectionShares, 'within'>;
  /** Run after each mutation, before it is answered. */
  readonly afterWrite: () => Promise<void>;
}

export function createRunner({
  limits: { cost: most, input: mostValues, answer: mostBytes },
  shares,
  afterWrite,
}: RunnerOptions): Runner {
  /** Without variables an operation comes to the same each time, and documents are kept. */
  const costs = new WeakMap<OperationDefinitionNode, number>();

  function costOfOperation(checked: CheckedOperation, variables: Operation['variableValues']): number {
    const { operation } = checked;
    const fixed = !operation.variableDefinitions?.length && !variables;
    const known = fixed ? costs.get(operation) : undefined;
    if (known !== undefined) return known;
    const cost = costOf(readingOf(checked), operation, most);
    if (fixed) costs.set(operation, cost);
    return cost;
  }

  return {
    refuse({ schema, document, operationName, variableValues, contextValue: { viewer } }) {
      const operation = getOperationAST(document, operationName);
      // In the words of Yoga, which says so of what comes to it.
      if (!operation)
        return { errors: [new ApiError('BAD_REQUEST', 'Could not determine what operation to execute.')] };
      const unfit = unfitInput(document, variableValues, mostValues);
      if (unfit) return { errors: [unfit] };
      const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, {
        maxErrors: 1, // which it is, is found out below
        hideSuggestions: true,
      });
      if (coerced.errors) return { errors: [wrongVariables(schema, operation, variableValues ?? {})] };
      const checked = { schema, document, operation, variableValues: coerced.variableValues };
      if (costOfOperation(checked, variableValues) > most) return { errors: [tooCostly(most)] };
      if (introspects(document) && asksTooMuchOfTheSchema(checked, most)) return { errors: [tooCostly(most)] };
      if (operation.operation !== OperationTypeNode.MUTATION) return undefined;
      const refusals = refusalsOf(checked, viewer.permissions);
      return refusals.length > 0 ? refused(checked, refusals) : undefined;
    },

    /** As graphql-js executes; where it takes too long, no further field is begun, and the answer says so. */
    async run({ schema, document, operationName, variableValues, contextValue }) {
      const { deadline, origin } = contextValue;
      const kind = getOperationAST(document, operationName)?.operation;
      try {
        const result = await shares.within({ address: origin.address, deadline }, async () =>
          execute({
            schema,
            document,
            ...(operationName != null && { operationName }),
            variableValues: variableValues ?? {},
            contextValue,
            abortSignal: deadline,
          }),
        );
        return withinBytes(result, kind === OperationTypeNode.MUTATION ? 'mutation' : 'query', mostBytes);
      } catch (error) {
        if (deadline.aborted) return { errors: [timedOut()] };
        throw error;
      } finally {
        if (kind === OperationTypeNode.MUTATION) await afterWrite();
      }
    },
  };
}

/**
 * The result, unless it is larger than an answer may be, or something in it was too large to be read. Of a query nothing is
 * left then. A mutation was run: its root fields are null, or those that were too large, and the error says what it means.
 */
function withinBytes(result: ExecutionResult, ran: 'query' | 'mutation', most: number): ExecutionResult {
  const tooLarge = answerTooLarge(most, ran);
  const wasNotRead = (error: GraphQLError) => error.extensions['code'] === tooLarge.code;
  const { errors } = result;
  const isTooLarge = answerSize(result.data, most) > most;
  if (ran === 'query') return isTooLarge || errors?.some(wasNotRead) ? { errors: [tooLarge] } : result;
  if (isTooLarge) {
    const data = Object.fromEntries(Object.keys(result.data ?? {}).map((name) => [name, null]));
    return { data, errors: [tooLarge, ...(errors ?? [])] };
  }
  if (!errors?.some(wasNotRead)) return result;
  const told = errors.map((error) => {
    const { nodes, path } = error;
    return wasNotRead(error) ? new GraphQLError(tooLarge.message, { nodes, path, originalError: tooLarge }) : error;
  });
  return { ...result, errors: told };
}

/** Twice what tools ask is never too much, however large the schema. */
function asksTooMuchOfTheSchema(checked: CheckedOperation, most: number): boolean {
  const allowed = Math.max(most, 2 * usualIntrospection(checked.schema));
  return introspectionCost(readingOf(checked), checked.operation, allowed) > allowed;
}

function tooCostly(most: number): ApiError {
  return new ApiError(
    'COST_LIMIT_EXCEEDED',
    `The operation may come to more than ${most} fields, each list counted by the size of its page, and filters by what they take of the database: ask for less at once`,
  );
}

/** Every variable that is not what it was declared to be, each fault at its path. */
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
    return wrongValues(value, type, MAX_ERRORS).map(({ path, message }) => ({
      path: [name, ...path],
      message: `Variable "$${name}"${path.length > 0 ? ` at "${path.join('.')}"` : ''}: ${message}`,
    }));
  });
  return invalidInput(faults.slice(0, MAX_ERRORS));
}

/** More than these nobody reads, and a list of a million wrong values would be answered with as many. */
const MAX_ERRORS = 20;

/** As the operation would have answered, had each of its root fields been refused. */
function refused(checked: CheckedOperation, refusals: readonly Refusal[]) {
  return {
    data: refusedData(checked),
    errors: refusals.map(({ path, node, error }) => {
      if (error.code === 'FORBIDDEN')
        Object.assign(error.extensions, { http: { status: error.status, spec: true } satisfies AnswerStatus });
      return new GraphQLError(error.message, { nodes: node, path, originalError: error });
    }),
  };
}
