import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTrace } from '../telemetry/tracing.ts';

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Also sent as `X-Request-Id`. */
  readonly requestId: string;
  /** Collects the request's spans. */
  readonly trace: RequestTrace | undefined;
}

/** Answers a request. An error that it throws is sent to the client. */
export type Handler = (exchange: Exchange) => Promise<void> | void;
