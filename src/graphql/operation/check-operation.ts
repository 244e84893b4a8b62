import {
  type DocumentNode,
  type ExecutionArgs,
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
import type { Plugin } from 'graphql-yoga';
import {
  type CheckedOperation,
  type Refusal,
  readingOf,
  refusalsOf,
  refusedData,
} from '../../authorization/operation-check.ts';
import type { Context } from '../../context.ts';
import { ApiError, invalidInput, timedOut } from '../../errors.ts';
import { costOf } from './cost.ts';
import type { Limits } from './limits.ts';
import { unfitInput } from './unfit-input.ts';
import { wrongValues } from './values.ts';

/**
 * Looks at an operation before anything of it runs: its variables have to be what they were declared to be, and a
 * mutation has to be allowed in every part, down to the last selected relation. Otherwise nothing is written.
 */
export function operationCheck({ cost: most }: Pick<Limits, 'cost'>, afterWrite: () => Promise<void>): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution, setExecuteFn }) {
      // What is checked here and what is executed have to be the same: so the same code coerces the variables of both.
      const { deadline } = args.contextValue as unknown as Context;
      setExecuteFn((args) => executed({ ...args, abortSignal: deadline }, deadline, afterWrite));
      const { schema, document, operationName, variableValues } = args as ExecutionArguments;
      const operation = getOperationAST(document, operationName);
      if (!operation) {
        setResultAndStopExecution({
          errors: [new ApiError('BAD_REQUEST', 'There is no such operation in the document')],
        });
        return;
      }

      const unfit = unfitInput(document, variableValues);
      if (unfit) {
        setResultAndStopExecution({ errors: [unfit] });
        return;
      }
      const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, {
        maxErrors: 1, // which it is, is found out below
        hideSuggestions: true,
      });
      if (coerced.errors) {
        setResultAndStopExecution({ errors: [wrongVariables(schema, operation, variableValues ?? {})] });
        return;
      }
      const checked = { schema, document, operation, variableValues: coerced.variableValues };
      if (costOf(readingOf(checked), operation, most) > most) {
        setResultAndStopExecution({ errors: [tooCostly(most)] });
        return;
      }
      if (operation.operation !== OperationTypeNode.MUTATION) return;
      const { viewer } = args.contextValue as unknown as Context;
      try {
        const refusals = refusalsOf(checked, viewer.permissions);
        if (refusals.length > 0) setResultAndStopExecution(refused(checked, refusals));
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        setResultAndStopExecution({ errors: [error] });
      }
    },
  };
}

/** As graphql-js executes; where it takes too long, no further field is begun, and the answer says so. */
async function executed(args: ExecutionArgs, deadline: AbortSignal, afterWrite: () => Promise<void>) {
  try {
    return await execute(args);
  } catch (error) {
    if (deadline.aborted) return { errors: [timedOut()] };
    throw error;
  } finally {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation === OperationTypeNode.MUTATION) await afterWrite();
  }
}

function tooCostly(most: number): ApiError {
  return new ApiError(
    'COST_LIMIT_EXCEEDED',
    `The operation may come to more than ${most} fields, each list counted by the size of its page: ask for less at once`,
  );
}

interface ExecutionArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
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
    return wrongValues(value, type, MOST_FAULTS).map(({ path, message }) => ({
      path: [name, ...path],
      message: `Variable "$${name}"${path.length > 0 ? ` at "${path.join('.')}"` : ''}: ${message}`,
    }));
  });
  return invalidInput(faults.slice(0, MOST_FAULTS));
}

/** More than these nobody reads, and a list of a million wrong values would be answered with as many. */
const MOST_FAULTS = 20;

/** As the operation would have answered, had each of its root fields been refused. */
function refused(checked: CheckedOperation, refusals: readonly Refusal[]) {
  return {
    data: refusedData(checked),
    errors: refusals.map(({ path, node, error }) => {
      if (error.code === 'FORBIDDEN') Object.assign(error.extensions, { http: { status: error.status, spec: true } });
      return new GraphQLError(error.message, { nodes: node, path, originalError: error });
    }),
  };
}
