import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a server and its database, and can take the database away. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Everything goes through again. */
  restore(): Promise<void>;
  /** Connections break, and new ones are refused. */
  cut(): Promise<void>;
  /** Connections stay, and new ones are taken, but nothing comes through either way. */
  hold(): void;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'held' = 'open';

  function join(client: Socket): void {
    const upstream = connect(target.port, target.host);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('data', (data) => {
        // What is said while the line is held is lost, as on a line that is down.
        if (state === 'open') to.write(data);
      });
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  }

  let server: Server = createServer(join);
  await listen(server, 0);
  const { port } = server.address() as { port: number };

  return {
    port,
    async cut() {
      state = 'cut';
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await close(server);
    },
    hold() {
      state = 'held';
    },
    async restore() {
      // What was lost in the middle is not made whole by going on.
      if (state === 'held') for (const pair of pairs) for (const socket of pair) socket.destroy();
      if (state === 'cut') {
        server = createServer(join);
        await listen(server, port);
      }
      state = 'open';
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await close(server);
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
