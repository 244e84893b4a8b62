// npm run start:cluster
// Starts as many servers as this machine has processors (WORKERS), on one port and one PostgreSQL server, starts one anew
// that ends, and stops them all cleanly.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { AggregatorRegistry } from 'prom-client';
import { ConfigError, readConfig } from '../src/config.ts';
import { environment } from '../src/environment.ts';
import { createMetricsServer } from '../src/http/metrics.ts';

/** Milliseconds until one that ended is started again: what ends at once is not to take the machine with it. */
const AGAIN_AFTER = 1_000;

async function main(): Promise<void> {
  const variables = environment();
  const config = readConfig(variables);
  if (config.database.kind !== 'server') {
    throw new ConfigError(['DATABASE_URL: several processes need a PostgreSQL server; an embedded database has one']);
  }
  const processors = availableParallelism();
  const count = Number(variables['WORKERS'] || processors);
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new ConfigError(['WORKERS: expected a whole number from 1 to 256']);
  }
  const threads = config.passwordThreads ?? Math.max(1, Math.floor(processors / count));
  cluster.setupPrimary({ exec: new URL('../src/main.mjs', import.meta.url).pathname });
  const start = () => cluster.fork({ PASSWORD_THREADS: String(threads) });

  let stopping = false;
  const listening = new Set<number>();
  let ready = false;
  cluster.on('listening', ({ id }) => {
    ready = true;
    if (!listening.has(id) && listening.add(id).size === count) process.stdout.write(`  ${count} processes answer.\n`);
  });
  cluster.on('exit', (worker: Worker, code: number | null, signal: string | null) => {
    listening.delete(worker.id);
    if (stopping) return;
    if (!ready) return stop(1); // it has said why
    process.stderr.write(`process ${worker.process.pid} ended (${signal ?? code}): another one is started\n`);
    setTimeout(() => stopping || start(), AGAIN_AFTER);
  });

  function stop(code: number): void {
    if (stopping) return;
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    for (const worker of workers) worker.process.kill('SIGTERM');
    Promise.all(workers.map((worker) => (worker.isDead() ? undefined : once(worker, 'exit')))).then(() =>
      process.exit(code),
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0));

  if (config.metrics) {
    const registry = new AggregatorRegistry();
    const scraped = { contentType: registry.contentType, metrics: () => registry.clusterMetrics() };
    createMetricsServer(scraped).listen(config.metrics.port, config.metrics.host);
  }
  // The first applies the migrations and the first data, so that the others find them.
  const first = start();
  first.once('listening', () => {
    for (let worker = 1; worker < count; worker++) start();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(
    `\n${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}\n\n`,
  );
  process.exit(1);
});
