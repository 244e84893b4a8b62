import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromServer, ToServer, Usage } from './servers/serve.ts';

/** A server in a process of its own. Gone when it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Its GraphQL schema, where it has one to tell. */
  readonly schema: string;
  usage(): Promise<Usage>;
  /** Stops it where it is (`SIGSTOP`), and lets it go on (`SIGCONT`). */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts a file of `servers/` and waits until it listens. */
export async function startServer<Options>(file: string, options: Options): Promise<ServerProcess> {
  const child = fork(fileURLToPath(new URL(`servers/${file}`, import.meta.url)), {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const send = (message: ToServer<Options>) => child.send(message as object);
  try {
    const listening = replyOf(child, 'listening');
    send({ kind: 'start', options });
    const { url, schema = '' } = await listening;
    return {
      url,
      schema,
      async usage() {
        const reply = replyOf(child, 'usage');
        send({ kind: 'usage' });
        return (await reply).usage;
      },
      signal: (signal) => void child.kill(signal),
      [Symbol.asyncDispose]: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function replyOf<Kind extends FromServer['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<FromServer, { kind: Kind }>> {
  const ended = new AbortController();
  const died = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`a server under test ended with ${code}`);
  });
  died.catch(() => {}); // it is only of interest while a reply is awaited
  try {
    const [reply] = (await Promise.race([once(child, 'message'), died])) as [FromServer];
    if (reply.kind === 'failed') throw new Error(`a server under test did not start: ${reply.message}`);
    if (reply.kind !== kind) throw new Error(`a server under test said ${reply.kind}, and not ${kind}`);
    return reply as Extract<FromServer, { kind: Kind }>;
  } finally {
    ended.abort();
  }
}

/** Lets go of it, so that it closes by itself; a server that does not is not waited for. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect();
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(impatience);
}
