import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from '../common/addresses.ts';
import { type ApiError, unavailable } from '../common/errors.ts';
import { checkLength, readBody } from './body.ts';
import { clientAddress } from './client-address.ts';
import { type Bounds, type Held, holdWithin } from './client-usage.ts';
import { slotsWithin } from './execution-slots.ts';
import { closeSoon, refuseMalformed, sendError } from './responses.ts';

/** What clients may hold of a server. One client is one address, or one network of IPv6. */
export interface VisitBounds {
  /** Behind a proxy they are the proxy's, and bounded in all only. */
  readonly connections: Bounds;
  /** Requests whose body has begun to arrive, and has not ended. */
  readonly unfinished: Bounds;
  /** Requests that are executed. */
  readonly slots: Bounds;
  /** Bytes of bodies, and of answers that nobody has read yet. */
  readonly bytes: Bounds;
  /** Requests on one connection that are sent without waiting for the answers before. */
  readonly atOnce: number;
  /** Bytes a second that a client has to read of its answer, at least. */
  readonly readingSpeed: number;
  /** Milliseconds that it has for the first of them. */
  readonly reading: number;
}

const MIB = 1024 * 1024;

/** Decision 028 says why these. */
export const VISIT_BOUNDS: VisitBounds = {
  connections: { perClient: 500, inAll: 5_000 },
  unfinished: { perClient: 100, inAll: 500 },
  slots: { perClient: 250, inAll: 1_000 },
  bytes: { perClient: 64 * MIB, inAll: 256 * MIB },
  atOnce: 20,
  readingSpeed: 64 * 1024,
  reading: 30_000,
};

/** One request that takes part in what is bounded, from its body to its answer. */
export interface Visit {
  /**
   * Reads its body.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when it had to give way to others meanwhile; PAYLOAD_TOO_LARGE.
   */
  receive(): Promise<string>;
  /**
   * Takes a slot for as long as it runs.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when all are taken, or all that its client may have.
   */
  begin(): void;
  /** Sends the answer to who may take long to read it. */
  send(answer: string): void;
  /** Gives back all but the answer. */
  end(): void;
}

/** Makes a visit of a request. */
export type ReceiveVisit = (request: IncomingMessage, response: ServerResponse) => Visit;

interface Connection {
  readonly client: string | undefined;
  readonly held: Held;
  /** Requests without an answer. */
  asked: number;
  /** Requests that run, and answers that are not read: after them nothing else can be written yet. */
  busy: number;
  /** Called when it has closed. */
  readonly onClose: Set<() => void>;
}

/** Bounds what the clients of this server hold of it, and makes a visit of each request that is to be executed. */
export function receiveVisits(server: Server, trustedProxies: number, bounds: VisitBounds): ReceiveVisit {
  const hold = {
    connection: holdWithin(bounds.connections),
    unfinished: holdWithin(bounds.unfinished),
    bytes: holdWithin(bounds.bytes),
  };
  const slots = slotsWithin(bounds.slots);
  const connections = new WeakMap<Duplex, Connection>();

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket);
    if (known) return known;
    // A proxy has as many connections as it has clients.
    const client = trustedProxies === 0 ? networkOf(socket.remoteAddress ?? '') : undefined;
    const held = hold.connection(client, 1, () => socket.destroy());
    const connection: Connection = { client, held, asked: 0, busy: 0, onClose: new Set() };
    connections.set(socket, connection);
    socket.once('close', () => {
      held.drop();
      for (const close of connection.onClose) close();
    });
    return connection;
  }

  server.on('connection', connectionOf);
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connectionOf(socket);
    connection.asked += 1;
    if (connection.asked > bounds.atOnce) socket.destroy();
    response.once('close', () => {
      connection.asked -= 1;
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What is still to be answered on it would get this for its answer.
    if (connections.get(socket)?.busy) socket.destroy();
    else refuseMalformed(error, socket);
  });

  return (request: IncomingMessage, response: ServerResponse): Visit => {
    const { socket } = request;
    const connection = connectionOf(socket);
    const client = connection.client ?? networkOf(clientAddress(request, trustedProxies));
    const giveWay = () => {
      if (!response.headersSent) sendError(request, response, busy());
      closeSoon(socket);
    };
    const bytes = hold.bytes(client, 0, giveWay);
    let release: (() => void) | undefined;

    return {
      async receive() {
        checkLength(request);
        await undefined; // what came in one piece is complete by then
        const unfinished = request.complete ? undefined : hold.unfinished(client, 1, giveWay);
        if (request.headers.expect && !response.headersSent) response.writeContinue();
        try {
          return await readBody(request, (length) => bytes.grow(length));
        } finally {
          unfinished?.drop();
        }
      },
      begin() {
        if (response.headersSent || socket.destroyed) throw busy(); // that was said already, or nobody listens
        release = slots(client);
        bytes.use();
        connection.busy += 1;
        connection.held.use();
      },
      send(answer) {
        response.end(answer); // a string goes out in one write with its head: 15 % less work for a small answer
        if (response.writableLength === 0 || socket.destroyed) return;
        const unread = hold.bytes(client, answer.length, () => socket.destroy());
        const time = bounds.reading + (answer.length / bounds.readingSpeed) * 1_000;
        const timer = setTimeout(() => socket.destroy(), time).unref();
        const read = () => {
          if (!connection.onClose.delete(read)) return;
          clearTimeout(timer);
          unread.drop();
          connection.busy -= 1;
        };
        connection.busy += 1;
        connection.onClose.add(read);
        response.once('finish', read);
      },
      end() {
        bytes.drop();
        if (!release) return;
        release();
        connection.busy -= 1;
        connection.held.rest();
      },
    };
  };
}

function busy(): ApiError {
  return unavailable('The server is busy');
}
