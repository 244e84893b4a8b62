import type { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Gets the actions that an operation was refused for: metrics count them, the audit log records them. */
export type OnRefused = (actions: ReadonlySet<string>, context: Context) => void;

/** Reports the actions that viewers lacked, as they are in the errors of the answer. */
export function reportRefusals(onRefused: OnRefused): OperationPlugin {
  return {
    onExecutionResult({ result, context }) {
      if (!result || !('errors' in result) || !result.errors?.length) return;
      const actions = result.errors.flatMap(refusedAction);
      if (actions.length > 0) onRefused(new Set(actions), context);
    },
  };
}

function refusedAction({ extensions }: GraphQLError): string[] {
  if (extensions['code'] !== 'FORBIDDEN') return [];
  const { action } = (extensions['error'] as { readonly details: { readonly action?: string } }).details; // an ApiError's
  return [action ?? ''];
}
