import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/**
 * A plugin of Yoga or Envelop, as it takes part in operations. Every operation passes it once, however it was sent: posted, by
 * GET, by its hash, introspection. `context.viewer` is who it acts as; `context.requestId` is also in the log.
 *
 * In this order it sees:
 *
 * 1. `onParams`: parameters of the right types, with the text of the document where a client sent its hash (an empty text for
 *    a hash that is refused). What is no operation passes no plugin: malformed JSON, a batch, a credential that is not valid,
 *    what a page of another site could have sent.
 * 2. `onParse`, `onValidate`: rules that it adds are applied to documents that Gatehouse's own rules accept.
 * 3. `onExecute`: an operation of a valid document, before its variables, its cost and, of a mutation, its permissions are
 *    checked. With a result that is set here nothing is executed, and these checks do not run.
 * 4. `onExecuteDone`: the result, or the refusal.
 * 5. `onExecutionResult`: every result, also of what was refused above. Its errors are as they were thrown. They are masked
 *    afterwards, and so is what a plugin adds, unless it is an `ApiError`.
 *
 * A plugin that replaces `parse`, `validate` or `execute` switches nothing off: Gatehouse's limits and rules are applied to
 * whatever document comes out, and its checks, its deadline and its limit of the answer to whatever executes.
 *
 * Hooks for HTTP (`onRequest`, `onRequestParse`, `onResultProcess`, `onResponse`) are never called: Gatehouse reads and writes
 * the bytes. A server that is handed a plugin with one logs a warning.
 */
export type OperationPlugin = Plugin<Context, Context>;

const HTTP_HOOKS = ['onRequest', 'onRequestParse', 'onResultProcess', 'onResponse'] as const;

/** The hooks of these plugins that are never called. */
export function hooksNeverCalled(plugins: readonly OperationPlugin[]): string[] {
  return HTTP_HOOKS.filter((hook) => plugins.some((plugin) => plugin[hook] !== undefined));
}
