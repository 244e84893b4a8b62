import { GraphQLError, getArgumentValues, OperationTypeNode } from 'graphql';
import { isProven } from '../../authentication/proof.ts';
import type { AdminViewer, UserViewer } from '../../authentication/viewer.ts';
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
export type IsSensitive<Owner> = (
  action: string,
  args: Readonly<Record<string, unknown>>,
  viewer: Owner,
) => boolean | Promise<boolean>;

/** Viewers with an account and a session of their own. */
export type Owner = AdminViewer | UserViewer;

export interface ProofCheck {
  readonly isSensitive: IsSensitive<Owner>;
  /** The ways in which the viewer can prove it. */
  readonly methodsOf: (viewer: Owner) => Promise<readonly string[]>;
  readonly clock: Clock;
}

/** The check of an endpoint whose owners are all of one kind. */
export function proofOf<Kind extends Owner>(
  kind: Kind['kind'],
  {
    isSensitive,
    methodsOf,
    clock,
  }: {
    readonly isSensitive: IsSensitive<Kind>;
    readonly methodsOf: (viewer: Kind) => Promise<readonly string[]>;
    readonly clock: Clock;
  },
): ProofCheck {
  const isKind = (viewer: Owner): viewer is Kind => viewer.kind === kind;
  return {
    isSensitive: (action, args, viewer) => isKind(viewer) && isSensitive(action, args, viewer),
    methodsOf: async (viewer) => (isKind(viewer) ? methodsOf(viewer) : []),
    clock,
  };
}

/**
 * Refuses a mutation as a whole when it selects a sensitive act and the viewer has not proven lately who they are: nothing is
 * written, and the answer lists every such act.
 */
export function checkProof({ isSensitive, methodsOf, clock }: ProofCheck): OperationPlugin {
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const execution: Execution = args;
      const { viewer } = execution.contextValue;
      if ((viewer.kind !== 'admin' && viewer.kind !== 'user') || isProven(viewer, clock())) return;
      const coerced = coercedOperationOf(execution);
      const { schema, operation, variableValues } = coerced;
      const root = schema.getMutationType();
      if (!root || operation.operation !== OperationTypeNode.MUTATION) return;
      const errors: GraphQLError[] = [];
      let methods: readonly string[] | undefined;
      for (const [name, { field, nodes }] of collectFields(readingOf(coerced), [operation.selectionSet], root)) {
        const [node] = nodes;
        const action = neededBy(field)?.action;
        if (!field || action === undefined) continue; // __typename
        if (!(await isSensitive(action, getArgumentValues(field, node, variableValues), viewer))) continue;
        methods ??= await methodsOf(viewer);
        const error = stepUpRequired(methods);
        error.extensions.http = { status: error.status, spec: true };
        errors.push(new GraphQLError(error.message, { nodes: node, path: [name], originalError: error }));
      }
      if (errors.length > 0) setResultAndStopExecution({ data: refusedData(coerced), errors });
    },
  };
}
