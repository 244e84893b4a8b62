import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { ApiError } from '../common/errors.ts';
import type { Exchange } from './route-handler.ts';

/** The metrics as text, with their media type. */
export interface Scraped {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** Serves `/metrics` on the main port to clients with the token. Others get 404. */
export function metricsFor(token: string, scraped: Scraped) {
  return async ({ request, response }: Exchange): Promise<void> => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw new ApiError('NOT_FOUND', 'There is nothing here');
    }
    await send(response, scraped);
  };
}

/** Serves `/metrics` on a separate port without authentication: the network has to restrict access. */
export function createMetricsServer(scraped: Scraped): Server {
  return createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    send(response, scraped).catch(() => {
      if (!response.headersSent) response.writeHead(503);
      response.end();
    });
  });
}

async function send(response: ServerResponse, scraped: Scraped): Promise<void> {
  const text = await scraped.metrics();
  response.writeHead(200, { 'Content-Type': scraped.contentType }).end(text);
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
