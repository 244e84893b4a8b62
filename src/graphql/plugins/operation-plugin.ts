import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';

/**
 * A plugin of Yoga or Envelop, as it takes part in every operation. `context.viewer` is who the operation acts as.
 *
 * Of its hooks those for operations are called: `onParams`, `onParse`, `onValidate`, `onExecute`, `onExecutionResult` and those
 * of the start (`onPluginInit`, `onYogaInit`, `onSchemaChange`). Those for HTTP (`onRequest`, `onRequestParse`,
 * `onResultProcess`, `onResponse`) are not: bytes are read and written by the server itself.
 */
export type OperationPlugin = Plugin<Context, Context>;
