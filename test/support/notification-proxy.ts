import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Target {
  readonly host: string;
  readonly port: number;
}

/** Stands between a server and its database like a pooler that gives each transaction another connection: no notification comes through. */
export const startProxyWithoutNotifications = (target: Target) =>
  startMessageProxy(target, (message) => (message[0] === NOTIFICATION ? undefined : message));

/** The database that was the primary a moment ago, and says that it is a standby for as long as it is told to. */
export async function startStandbyProxy(target: Target) {
  let demoted = false;
  const proxy = await startMessageProxy(target, (message) => {
    if (!demoted || message[0] !== PARAMETER_STATUS || !message.includes('in_hot_standby\0')) return message;
    const body = Buffer.from('in_hot_standby\0on\0');
    const head = Buffer.from([PARAMETER_STATUS, 0, 0, 0, 4 + body.length]);
    return Buffer.concat([head, body]);
  });
  return {
    port: proxy.port,
    /** Ends every connection, as a primary does that becomes a standby; and the other way round. */
    demote(now: boolean) {
      demoted = now;
      proxy.cut();
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** Passes on each message of the database, or another one for it, or none. */
async function startMessageProxy(
  target: Target,
  change: (message: Buffer) => Buffer | undefined,
): Promise<AsyncDisposable & { readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
    client.on('data', (data) => upstream.write(data));
    let rest = Buffer.alloc(0);
    upstream.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      // Each message: a byte for its type, and four for the length of what follows, these four included.
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const length = 1 + rest.readInt32BE(1);
        const message = change(rest.subarray(0, length));
        if (message) client.write(message);
        rest = rest.subarray(length);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const NOTIFICATION = 'A'.charCodeAt(0);
const PARAMETER_STATUS = 'S'.charCodeAt(0);
