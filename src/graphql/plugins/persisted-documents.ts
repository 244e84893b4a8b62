import { GraphQLError } from 'graphql';
import { networkOf } from '../../common/addresses.ts';
import { ApiError } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import type { FoundDocument, PersistedQueries } from '../operation/persisted-queries.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/**
 * Finds the document of a hash, before parsing. A document that a client registers is stored only when it is executed: not when it
 * is invalid, exceeds a limit or is refused.
 */
export function persistedDocuments(persisted: PersistedQueries): OperationPlugin {
  const waiting = new WeakMap<Context, NonNullable<FoundDocument['keep']>>();
  return {
    onParams({ params, setParams, setResult, context }) {
      try {
        const { query, keep } = persisted.find(params);
        if (query === undefined) throw new ApiError('BAD_REQUEST', 'Must provide query string.'); // Yoga's message
        if (keep) waiting.set(context, keep);
        if (query !== params.query) setParams({ ...params, query });
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        // A result instead of an exception, so that plugins see it like any other. Yoga requires a query in any case.
        setParams({ ...params, query: params.query ?? '' });
        setResult({ errors: [error] });
      }
    },
    onExecute({ executeFn, setExecuteFn, context }) {
      const keep = waiting.get(context);
      if (!keep) return;
      setExecuteFn((args) => {
        keep(networkOf(context.origin.address));
        return executeFn(args);
      });
    },
  };
}
