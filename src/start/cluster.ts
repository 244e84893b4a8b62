// npm run start:cluster
// Starts one server per processor (or WORKERS) on one port and one PostgreSQL server, restarts those that exit, and stops them
// all cleanly.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AggregatorRegistry } from 'prom-client';
import { moduleBeside } from '../common/module-beside.ts';
import { orSayWhy } from '../common/start-refused.ts';
import { readConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { environment } from '../config/environment.ts';
import { listen } from '../http/listen.ts';
import { createMetricsServer } from '../http/metrics.ts';
import { listenForStop, STOP } from './stop-request.ts';
import { YOUNG_GENERATION } from './young-generation.ts';

/** Milliseconds before a process is restarted, so that one that crashes at once does not overload the machine. */
const RESTART_AFTER = 1_000;

async function main(asked: AbortSignal): Promise<void> {
  const variables = environment();
  const config = readConfig(variables);
  if (config.database.kind !== 'server') {
    throw new ConfigError([
      'DATABASE_URL: an embedded database can be used by one process only. Set DATABASE_URL to a PostgreSQL server.',
    ]);
  }
  const processors = availableParallelism();
  const count = config.workers ?? processors;
  const threads = config.passwordThreads ?? Math.max(1, Math.floor(processors / count));
  cluster.setupPrimary({
    exec: fileURLToPath(moduleBeside(import.meta, '../main')),
    execArgv: [YOUNG_GENERATION, ...process.execArgv],
  });
  // All processes get the environment as it was read first, also those restarted after a file has changed.
  const start = () => cluster.fork({ ...variables, PASSWORD_THREADS: String(threads) });

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
    if (!ready) {
      void stop(1); // it has printed the reason
      return;
    }
    process.stderr.write(`process ${worker.process.pid} exited (${signal ?? code}) and is being replaced\n`);
    setTimeout(() => {
      if (!stopping) start();
    }, RESTART_AFTER);
  });

  async function stop(code: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    const workers = workersOf(cluster);
    for (const worker of workers) worker.send(STOP, () => {}); // a process without a channel is already exiting
    await Promise.all(workers.map((worker) => worker.isDead() || once(worker, 'exit')));
    process.exit(code);
  }
  // However this process exits, workers that are still running have taken too long.
  process.on('exit', () => {
    for (const worker of workersOf(cluster)) worker.process.kill('SIGKILL');
  });

  if (config.metrics) {
    const registry = new AggregatorRegistry();
    const scraped = { contentType: registry.contentType, metrics: () => registry.clusterMetrics() };
    const variables = { host: 'METRICS_HOST', port: 'METRICS_PORT' };
    await listen(createMetricsServer(scraped), { ...config.metrics, variables });
  }
  if (asked.aborted) process.exit(0);
  asked.addEventListener('abort', () => stop(0));
  // The first applies migrations and seeds the database before the others start.
  const first = start();
  first.once('listening', () => {
    for (let worker = 1; worker < count && !stopping; worker++) start();
  });
}

function workersOf({ workers = {} }: typeof cluster): Worker[] {
  return Object.values(workers).filter((worker) => worker !== undefined);
}

const asked = listenForStop();
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // the terminal was closed
await orSayWhy(() => main(asked));
