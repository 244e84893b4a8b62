import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test writes every byte itself. It never closes its own end. */
export interface RawClient {
  readonly socket: Socket;
  /** What has come so far. */
  text(): string;
  /** Resolves when so many answers have begun to come. */
  answers(count: number): Promise<void>;
  /** Resolves when the server has destroyed its end. */
  closed(): Promise<void>;
  isClosed(): boolean;
  /** Bytes that the server could not send yet. */
  unread(): number;
}

/** The server's ends of connections, by the port of the client's. */
const ends = new Map<number | undefined, Socket>();
subscribe('net.server.socket', (message) => {
  const { socket } = message as { readonly socket: Socket }; // as node documents it
  const { remotePort } = socket;
  ends.set(remotePort, socket);
  socket.once('close', () => {
    if (ends.get(remotePort) === socket) ends.delete(remotePort); // and not of whoever was given the same port since
  });
});

/** Connects to a server of this process that has this URL, and writes this. */
export async function openRaw(url: string, text = ''): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }).setEncoding('utf8');
  let received = '';
  socket.on('data', (piece: string) => {
    received += piece;
  });
  socket.on('error', () => {}); // that the server has destroyed it
  let over = false;
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) {
      socket.once(event, () => {
        over = true;
        resolve();
      });
    }
  });
  await once(socket, 'connect');
  const { localPort } = socket;
  // Undefined where the server has already ended it: others came meanwhile, and it had to make room.
  while (!ends.has(localPort) && !over) await new Promise((resolve) => setImmediate(resolve));
  const end = ends.get(localPort);
  socket.write(text);
  const begun = () => received.match(/HTTP\/1\.1 [2-5]/g)?.length ?? 0;
  return {
    socket,
    text: () => received,
    async answers(count) {
      while (begun() < count && !over) await Promise.race([once(socket, 'data'), ended]);
      if (begun() < count) throw new Error(`The connection ended after ${begun()} answers:\n${received}`);
    },
    async closed() {
      if (end && !end.closed) await new Promise((resolve) => end.once('close', resolve));
      if (!socket.isPaused()) await ended;
    },
    isClosed: () => (end ? end.closed : over),
    unread: () => end?.writableLength ?? 0,
  };
}

/** A request as text, with its body. */
export function rawRequest(method: string, path: string, headers: Record<string, string>, body = ''): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** An operation as a client posts it. */
export function rawOperation(query: string, headers: Record<string, string> = {}): string {
  const body = JSON.stringify({ query });
  const own = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
  return rawRequest('POST', '/graphql', { ...own, ...headers }, body);
}
