import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { ApiError } from '../common/errors.ts';
import type { Exchange } from './handler.ts';

/** The numbers as text, and its media type. */
export interface Scraped {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** `/metrics` beside everything else, for who has the token. For anybody else there is nothing there. */
export function metricsFor(token: string, scraped: Scraped) {
  return async ({ request, response }: Exchange): Promise<void> => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw new ApiError('NOT_FOUND', 'There is nothing here');
    }
    await send(response, scraped);
  };
}

/** `/metrics` on a port of its own, which only those reach who may read it. */
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

/** Takes as long for any text. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
