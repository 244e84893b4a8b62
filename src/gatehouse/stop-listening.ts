import { once } from 'node:events';
import type { Server } from 'node:http';

/** Milliseconds that a stop waits for requests in flight, and then for background work. */
export const PATIENCE = 10_000;

/** Stops accepting requests, and waits for those in flight. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  // A client may never finish sending its request.
  const patience = setTimeout(() => server.closeAllConnections(), PATIENCE);
  await closed;
  clearTimeout(patience);
}
