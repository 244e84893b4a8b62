import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  OperationTypeNode,
  type VariableValues,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Refusal, refusalsOf } from '../../authorization/operation-check.ts';
import type { Context } from '../../context.ts';
import { ApiError, forbidden } from '../../errors.ts';
import { withoutValue } from './messages.ts';
import { nulFault } from './nul.ts';

/**
 * Looks at an operation before anything of it runs: its variables have to be what they were declared to be, and a
 * mutation has to be allowed in every part, down to the last selected relation. Otherwise nothing is written.
 */
export function operationCheck(): Plugin<Context> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues } = args as ExecutionArguments;
      const operation = getOperationAST(document, operationName);
      if (!operation) return; // the executor says so

      const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {}, {
        maxErrors: 20,
        hideSuggestions: true,
      });
      if ('errors' in coerced && coerced.errors) {
        setResultAndStopExecution({ errors: coerced.errors.map(variableError) });
        return;
      }
      const nul = nulFault(document, variableValues);
      if (nul) {
        setResultAndStopExecution({ errors: [nul] });
        return;
      }
      if (operation.operation !== OperationTypeNode.MUTATION) return;
      const checked = { schema, document, operation, variableValues: coerced.variableValues as VariableValues };
      const { viewer } = args.contextValue as unknown as Context;
      const refusals = refusalsOf(checked, viewer.permissions);
      if (refusals.length > 0) setResultAndStopExecution(refused(operation, refusals));
    },
  };
}

interface ExecutionArguments {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Readonly<Record<string, unknown>> | null;
}

function variableError({ message, nodes }: GraphQLError): GraphQLError {
  const error = new ApiError('BAD_USER_INPUT', withoutValue(message));
  return new GraphQLError(error.message, { nodes, originalError: error });
}

/** As the operation would have answered, had each of its root fields been refused. */
function refused(operation: OperationDefinitionNode, refusals: readonly Refusal[]) {
  const names = refusals.map(({ path }) => path[0]).filter((name) => name !== undefined);
  return {
    data: Object.fromEntries([...new Set([...rootNames(operation), ...names])].map((name) => [name, null])),
    errors: refusals.map(({ path, node, action }) => {
      const originalError = forbidden(action);
      return new GraphQLError(originalError.message, { nodes: node, path, originalError });
    }),
  };
}

function rootNames({ selectionSet }: OperationDefinitionNode): string[] {
  return selectionSet.selections.flatMap((selection) =>
    selection.kind === 'Field' ? [selection.alias?.value ?? selection.name.value] : [],
  );
}
