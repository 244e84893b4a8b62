import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/**
 * A plugin of Yoga or Envelop that takes part in operations. Every operation passes it once: posted, by GET, by its hash, or
 * introspection. `context.viewer` is the viewer; `context.requestId` is also in the log.
 *
 * In this order it sees:
 *
 * 1. `onParams`: parameters of the right types. If the client sent a hash, the text of its document (empty for a hash that is
 *    refused). Requests that are not operations pass no plugin: malformed JSON, a batch, an invalid credential, a possible CSRF.
 * 2. `onParse`, `onValidate`: rules that it adds are applied to documents that Gatehouse's own rules accept.
 * 3. `onExecute`: an operation of a valid document, before its variables, its cost and, for a mutation, its permissions are
 *    checked. If a plugin sets a result here, nothing is executed, and these checks do not run.
 * 4. `onExecuteDone`: the result, or the refusal.
 * 5. `onExecutionResult`: every result, also of refused operations. Errors are as they were thrown. They are masked afterwards,
 *    also those that a plugin adds, unless they are an `ApiError`.
 *
 * A plugin that replaces `parse`, `validate` or `execute` switches nothing off: limits and rules apply to the document that it
 * returns; checks, deadline and the limit of the answer apply to whatever executes.
 *
 * Hooks for HTTP (`onRequest`, `onRequestParse`, `onResultProcess`, `onResponse`) are never called: Gatehouse reads and writes
 * the bytes itself. The server logs a warning about a plugin with such a hook.
 */
export type OperationPlugin = Plugin<Context, Context>;

const HTTP_HOOKS = ['onRequest', 'onRequestParse', 'onResultProcess', 'onResponse'] as const;

/** The hooks of these plugins that are never called. */
export function hooksNeverCalled(plugins: readonly OperationPlugin[]): string[] {
  return HTTP_HOOKS.filter((hook) => plugins.some((plugin) => plugin[hook] !== undefined));
}
