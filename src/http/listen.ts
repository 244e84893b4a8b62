import { once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { StartRefused } from '../common/start-refused.ts';

/** Where to listen, and the names of the variables that say so. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly variables: { readonly host: string; readonly port: string };
}

/** Milliseconds that a port may be taken: by a process that is stopping, and has not given it back yet. */
const PATIENCE = 1_000;
const RETRY_AFTER = 100;

/**
 * Listens, and resolves when it does.
 *
 * @throws CannotListen, which names the variable, when it is not possible there.
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

/** Nobody can listen there. */
export class CannotListen extends StartRefused {}

function refusal(code: string, { host, port, variables }: ListenAddress): CannotListen | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return new CannotListen(
        `${variables.port}: something else listens on port ${port} of ${host} already. Set ${variables.port} to another one.`,
      );
    case 'EACCES':
      return new CannotListen(
        `${variables.port}: this user may not listen on port ${port}. Set ${variables.port} to 1024 or more.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
    case 'EAFNOSUPPORT':
      return new CannotListen(
        `${variables.host}: ${host} is no address of this machine (${code}). Set ${variables.host} to one, or to 0.0.0.0 for all.`,
      );
    default:
      return undefined;
  }
}
