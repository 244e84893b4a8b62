// npm run start:cluster
// Starts as many servers as this machine has processors (WORKERS), on one port and one PostgreSQL server, starts one anew
// that ends, and stops them all cleanly.
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

/** Milliseconds until one that ended is started again: what ends at once is not to take the machine with it. */
const RESTART_AFTER = 1_000;

async function main(asked: AbortSignal): Promise<void> {
  const variables = environment();
  const config = readConfig(variables);
  if (config.database.kind !== 'server') {
    throw new ConfigError(['DATABASE_URL: several processes need a PostgreSQL server; an embedded database has one']);
  }
  const processors = availableParallelism();
  const count = config.workers ?? processors;
  const threads = config.passwordThreads ?? Math.max(1, Math.floor(processors / count));
  cluster.setupPrimary({
    exec: fileURLToPath(moduleBeside(import.meta, '../main')),
    execArgv: [YOUNG_GENERATION, ...process.execArgv],
  });
  // What all of them are told is what the first read: whoever is started anew is not to find a file that was changed meanwhile.
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
      void stop(1); // it has said why
      return;
    }
    process.stderr.write(`process ${worker.process.pid} ended (${signal ?? code}): another one is started\n`);
    setTimeout(() => {
      if (!stopping) start();
    }, RESTART_AFTER);
  });

  async function stop(code: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    const workers = workersOf(cluster);
    for (const worker of workers) worker.send(STOP, () => {}); // one that cannot hear it any more is ending
    await Promise.all(workers.map((worker) => worker.isDead() || once(worker, 'exit')));
    process.exit(code);
  }
  // However this one ends: whoever is still there then took too long.
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
  // The first applies the migrations and the first data, so that the others find them.
  const first = start();
  first.once('listening', () => {
    for (let worker = 1; worker < count && !stopping; worker++) start();
  });
}

function workersOf({ workers = {} }: typeof cluster): Worker[] {
  return Object.values(workers).filter((worker) => worker !== undefined);
}

const asked = listenForStop();
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}); // a terminal that was closed
await orSayWhy(() => main(asked));
