import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf } from '../common/addresses.ts';
import { type ApiError, unavailable } from '../common/errors.ts';
import { clientAddress } from './client-address.ts';
import { createReserve, type Quota, type Reservation } from './client-quota.ts';
import { createExecutionSlots } from './execution-slots.ts';
import { checkLength, readBody } from './read-body.ts';
import { closeSoon, refuseMalformed, sendError } from './responses.ts';

/** What clients may use of a server. One client is one IPv4 address, or one IPv6 network. */
export interface ClientLimits {
  /** Behind a proxy, connections are the proxy's: only their total is limited. */
  readonly connections: Quota;
  /** Requests whose body has not arrived completely. */
  readonly unfinished: Quota;
  /** Requests being executed. */
  readonly slots: Quota;
  /** Bytes of request bodies, and of answers that the client has not read yet. */
  readonly bytes: Quota;
  /** Requests in flight on one connection (HTTP pipelining). */
  readonly pipelined: number;
  /** The lowest rate at which a client must read its answer, in bytes per second. */
  readonly readingSpeed: number;
  /** Milliseconds of grace before that rate applies. */
  readonly reading: number;
}

const MIB = 1024 * 1024;

/** The reasons for these numbers are in decision 028. */
export const CLIENT_LIMITS: ClientLimits = {
  connections: { perClient: 500, total: 5_000 },
  unfinished: { perClient: 100, total: 500 },
  slots: { perClient: 250, total: 1_000 },
  bytes: { perClient: 64 * MIB, total: 256 * MIB },
  pipelined: 20,
  readingSpeed: 64 * 1024,
  reading: 30_000,
};

/** A request that counts towards the limits of its client, from its body to its answer. */
export interface AdmittedRequest {
  /**
   * Reads the body.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when the request was evicted while its body arrived; PAYLOAD_TOO_LARGE.
   */
  readBody(): Promise<string>;
  /**
   * Takes an execution slot, until `finish()`.
   *
   * @throws ApiError SERVICE_UNAVAILABLE when all slots are taken, or all that one client may have.
   */
  start(): void;
  /** Sends the answer, and closes the connection of a client that reads it too slowly. */
  send(answer: string): void;
  /** Releases everything but the answer. */
  finish(): void;
}

export type AdmitRequest = (request: IncomingMessage, response: ServerResponse) => AdmittedRequest;

interface Connection {
  readonly client: string | undefined;
  readonly reservation: Reservation;
  /** Requests without an answer. */
  inFlight: number;
  /** Requests being executed, and answers that are not read yet. Until they are done, nothing else can be written. */
  busy: number;
  /** Called when the connection has closed. */
  readonly onClose: Set<() => void>;
}

/** Enforces the limits on the connections of this server, and returns what admits each request that is to be executed. */
export function limitClients(server: Server, trustedProxies: number, limits: ClientLimits): AdmitRequest {
  const reserve = {
    connection: createReserve(limits.connections),
    unfinished: createReserve(limits.unfinished),
    bytes: createReserve(limits.bytes),
  };
  const takeSlot = createExecutionSlots(limits.slots);
  const connections = new WeakMap<Duplex, Connection>();

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket);
    if (known) return known;
    // The connections of a proxy carry the requests of many clients.
    const client = trustedProxies === 0 ? networkOf(socket.remoteAddress ?? '') : undefined;
    const reservation = reserve.connection(client, 1, () => socket.destroy());
    const connection: Connection = { client, reservation, inFlight: 0, busy: 0, onClose: new Set() };
    connections.set(socket, connection);
    socket.once('close', () => {
      reservation.release();
      for (const close of connection.onClose) close();
    });
    return connection;
  }

  server.on('connection', connectionOf);
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = connectionOf(socket);
    connection.inFlight += 1;
    if (connection.inFlight > limits.pipelined) socket.destroy();
    response.once('close', () => {
      connection.inFlight -= 1;
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A pending request would take this for its answer.
    if (connections.get(socket)?.busy) socket.destroy();
    else refuseMalformed(error, socket);
  });

  return (request: IncomingMessage, response: ServerResponse): AdmittedRequest => {
    const { socket } = request;
    const connection = connectionOf(socket);
    const client = connection.client ?? networkOf(clientAddress(request, trustedProxies));
    const onEvicted = () => {
      if (!response.headersSent) sendError(request, response, busy());
      closeSoon(socket);
    };
    const bytes = reserve.bytes(client, 0, onEvicted);
    let releaseSlot: (() => void) | undefined;

    return {
      async readBody() {
        checkLength(request);
        await undefined; // a body that came in one packet is complete by then
        const unfinished = request.complete ? undefined : reserve.unfinished(client, 1, onEvicted);
        if (request.headers.expect && !response.headersSent) response.writeContinue();
        try {
          return await readBody(request, (length) => bytes.grow(length));
        } finally {
          unfinished?.release();
        }
      },
      start() {
        if (response.headersSent || socket.destroyed) throw busy(); // evicted, or the client is gone
        releaseSlot = takeSlot(client);
        bytes.pin();
        connection.busy += 1;
        connection.reservation.pin();
      },
      send(answer) {
        response.end(answer); // a string goes out in one write with its head: 15 % less work for a small answer
        if (response.writableLength === 0 || socket.destroyed) return;
        const unread = reserve.bytes(client, answer.length, () => socket.destroy());
        const time = limits.reading + (answer.length / limits.readingSpeed) * 1_000;
        const timer = setTimeout(() => socket.destroy(), time).unref();
        const read = () => {
          if (!connection.onClose.delete(read)) return;
          clearTimeout(timer);
          unread.release();
          connection.busy -= 1;
        };
        connection.busy += 1;
        connection.onClose.add(read);
        response.once('finish', read);
      },
      finish() {
        bytes.release();
        if (!releaseSlot) return;
        releaseSlot();
        connection.busy -= 1;
        connection.reservation.unpin();
      },
    };
  };
}

function busy(): ApiError {
  return unavailable('The server is busy');
}
