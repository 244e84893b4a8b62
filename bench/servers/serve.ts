/** A server under test that listens, in a process of its own. */
export interface Serving {
  readonly url: string;
  /** Its GraphQL schema, for a server that is to be compared with it. */
  readonly schema?: string;
  /** SQL statements so far, where they are counted. */
  statements?(): number;
  /** The last of them, where it is kept. */
  lastQuery?(): Written | undefined;
  close(): Promise<void>;
}

/** What a server's process says of itself. */
export interface Usage {
  /** Processor time so far, in microseconds, all threads together. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly rss: number;
  readonly statements: number;
  readonly lastQuery?: Written;
}

/** SQL with `$1`, `$2`, … for its values. */
export interface Written {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export type FromServer =
  | { readonly kind: 'listening'; readonly url: string; readonly schema?: string }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'failed'; readonly message: string };

export type ToServer<Options> = { readonly kind: 'start'; readonly options: Options } | { readonly kind: 'usage' };

/** Starts this process's one server when the parent says so, and closes it when the parent lets go of it. */
export function serve<Options>(start: (options: Options) => Promise<Serving>): void {
  let serving: Serving | undefined;
  const reply = (message: FromServer) => void process.send?.(message);

  process.on('message', async (message: ToServer<Options>) => {
    if (message.kind === 'usage') {
      const { user, system } = process.cpuUsage();
      const lastQuery = serving?.lastQuery?.();
      const usage: Usage = {
        cpu: user + system,
        rss: process.memoryUsage.rss(),
        statements: serving?.statements?.() ?? 0,
        ...(lastQuery && { lastQuery }),
      };
      reply({ kind: 'usage', usage });
      return;
    }
    try {
      serving = await start(message.options);
      reply({ kind: 'listening', url: serving.url, ...(serving.schema !== undefined && { schema: serving.schema }) });
    } catch (error) {
      reply({ kind: 'failed', message: String(error instanceof Error ? error.stack : error) });
    }
  });
  process.on('disconnect', async () => {
    await serving?.close();
    process.exit();
  });
  process.on('SIGINT', () => {}); // the terminal sends it to every process: the parent ends this one
}
