import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { StartRefused } from '../common/start-refused.ts';

/** Where to listen, and the environment variables that configure it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly variables: { readonly host: string; readonly port: string };
}

/** Milliseconds to wait for a port that a stopping process has not released yet. */
const PATIENCE = 1_000;
const RETRY_AFTER = 100;

/**
 * Resolves when the server listens.
 *
 * @throws CannotListen, which names the variable to change.
 */
export async function listen(server: Server, address: ListenAddress): Promise<void> {
  const began = performance.now();
  for (;;) {
    try {
      server.listen(address.port, address.host);
      await once(server, 'listening');
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const isTaken = code === 'EADDRINUSE';
      if (!isTaken || performance.now() - began > PATIENCE) throw refusal(code, address) ?? error;
      await wait(RETRY_AFTER);
    }
  }
}

/** The server cannot listen at the configured address. */
export class CannotListen extends StartRefused {}

function refusal(code: string, { host, port, variables }: ListenAddress): CannotListen | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return new CannotListen(
        `${variables.port}: port ${port} of ${host} is already in use. Set ${variables.port} to another port.`,
      );
    case 'EACCES':
      return new CannotListen(
        `${variables.port}: this user is not allowed to listen on port ${port}. Set ${variables.port} to 1024 or more.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
    case 'EAFNOSUPPORT':
      return new CannotListen(
        `${variables.host}: ${host} is not an address of this machine (${code}). Set ${variables.host} to one, or to 0.0.0.0 for all.`,
      );
    default:
      return undefined;
  }
}
