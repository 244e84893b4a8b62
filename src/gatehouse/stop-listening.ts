import { once } from 'node:events';
import type { Server } from 'node:http';

/** Milliseconds that a stop waits for requests to be finished, and then for what they left behind. */
export const PATIENCE = 10_000;

/** Takes no new request, and waits until those that run are answered. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // Somebody may have sent half a request and keep us waiting for the rest.
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE);
  await closed;
  clearTimeout(patience);
}
