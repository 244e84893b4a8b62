import { GraphQLError, getArgumentValues, OperationTypeNode } from 'graphql';
import { isProven } from '../../authentication/proof.ts';
import { neededBy } from '../../authorization/guard.ts';
import type { Clock } from '../../common/clock.ts';
import { stepUpRequired } from '../../common/errors.ts';
import { readingOf } from '../operation/coerced-operation.ts';
import { collectFields } from '../operation/collect-fields.ts';
import { refusedData } from '../operation/refused-fields.ts';
import { coercedOperationOf } from './check-variables.ts';
import type { Execution } from './execution.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Whether an action with these arguments needs a recent proof of who its viewer is. */
export type IsSensitive = (action: string, args: Readonly<Record<string, unknown>>) => Promise<boolean>;

export interface ProofCheck {
  readonly isSensitive: IsSensitive;
  readonly clock: Clock;
}

/**
 * Refuses a mutation as a whole when it selects a sensitive act and the administrator has not proven lately who they are: nothing
 * is written, and the answer lists every such act.
 */
export function checkProof({ isSensitive, clock }: ProofCheck): OperationPlugin {
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const execution: Execution = args;
      const { viewer } = execution.contextValue;
      if (viewer.kind !== 'admin' || isProven(viewer, clock())) return;
      const coerced = coercedOperationOf(execution);
      const { schema, operation, variableValues } = coerced;
      const root = schema.getMutationType();
      if (!root || operation.operation !== OperationTypeNode.MUTATION) return;
      const errors: GraphQLError[] = [];
      for (const [name, { field, nodes }] of collectFields(readingOf(coerced), [operation.selectionSet], root)) {
        const [node] = nodes;
        const action = neededBy(field)?.action;
        if (!field || action === undefined) continue; // __typename
        if (!(await isSensitive(action, getArgumentValues(field, node, variableValues)))) continue;
        const error = stepUpRequired();
        error.extensions.http = { status: error.status, spec: true };
        errors.push(new GraphQLError(error.message, { nodes: node, path: [name], originalError: error }));
      }
      if (errors.length > 0) setResultAndStopExecution({ data: refusedData(coerced), errors });
    },
  };
}
