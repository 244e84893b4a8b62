import type { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Called with the actions that a viewer was not allowed, for metrics and the audit log. */
export type OnRefused = (actions: ReadonlySet<string>, context: Context) => void;

/** Reports the actions that the viewer was not allowed, from the errors of the result. */
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
  const { action } = (extensions['error'] as { readonly details: { readonly action?: string } }).details; // the shape of an ApiError
  return [action ?? ''];
}
