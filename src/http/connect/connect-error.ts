import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiError } from '../../common/errors.ts';
import type { Pages } from '../pages/pages.ts';
import { messagePage } from './message-page.ts';

/** Whether a path is one that a person's browser opens on the way to a login provider, and back. */
export function isConnectPath(path: string): boolean {
  return path.startsWith('/connect/') || path.startsWith('/api/connect/');
}

/** Refuses with a page: a person reads it. */
export function sendConnectError(
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
  error: ApiError,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { retryAfter } = error.extensions;
  if (typeof retryAfter === 'number') response.setHeader('Retry-After', String(retryAfter));
  const spoken = pages.speak(request);
  const page = { title: spoken.words.connectRefusedTitle, message: error.message };
  pages.send(response, error.status, spoken, messagePage(page, spoken));
}
