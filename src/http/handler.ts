import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTrace } from '../telemetry/tracing.ts';

/** A request that has a route, and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Also in the answer's `X-Request-Id`. */
  readonly requestId: string;
  /** Where its spans are collected. */
  readonly trace: RequestTrace | undefined;
}

/** Answers a request. What it throws is answered as an error. */
export type Handler = (exchange: Exchange) => Promise<void> | void;
