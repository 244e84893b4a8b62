import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { AggregatorRegistry } from 'prom-client';
import { blockDemoUsers, removeDemoAdmin } from './administration/demo-accounts.ts';
import { warnOfUsernames } from './administration/disputed-usernames.ts';
import { ensureFirstAdmin } from './administration/first-admin.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { DirectoryInUse } from './database/directory-lock.ts';
import { DatabaseUnreachable } from './database/failures.ts';
import { openSeeded } from './database/open-seeded.ts';
import { environment } from './environment.ts';
import { createGatehouse } from './gatehouse.ts';
import { createMetricsServer } from './http/metrics.ts';
import { createLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { startMessage } from './start-message.ts';

/**
 * Starts the server of this environment, and stops it cleanly when it is told to. What stops a start is told in words, and
 * ends the process with exit code 1.
 */
export function start(): Promise<void> {
  return serve().catch((error: unknown) => {
    const expected = [ConfigError, DirectoryInUse, DatabaseUnreachable].some((kind) => error instanceof kind);
    const text =
      expected || isPortTaken(error) ? (error as Error).message : error instanceof Error ? error.stack : error;
    process.stderr.write(`\n${text}\n\n`);
    process.exit(1);
  });
}

async function serve(): Promise<void> {
  const config = readConfig(environment());
  const log = createLog(config);
  const { database, demo } = await openSeeded(config);
  const { prisma } = database;
  const gatehouse = await createGatehouse({ config, database, log });
  if (config.production && !demo) {
    const blocked = await blockDemoUsers(gatehouse.administration);
    if (blocked.length > 0)
      log.warn({ blocked }, 'demo users still had the public password of development: they are blocked');
  }
  if (config.production && (await removeDemoAdmin(gatehouse.administration))) {
    log.warn('the administrator of development still had the public password, and was deleted');
  }
  // Of several processes that start together, the first speaks for all.
  const speaks = cluster.isPrimary || cluster.worker?.id === 1;
  const firstAdmin = speaks ? await ensureFirstAdmin(gatehouse.administration, config) : undefined;
  const metrics = await serveMetrics(config, gatehouse.metrics);
  const address = await gatehouse.listen();
  if (firstAdmin) {
    process.stdout.write(await startMessage({ config, address, prisma, demo, firstAdmin }));
    for (const warning of warningsAbout(config)) log.warn(warning);
    await warnOfUsernames(gatehouse.administration, log);
  }

  let stoppingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        // Asked twice: not to wait for anybody. But one Ctrl-C may arrive twice, from the terminal and through npm.
        if (performance.now() - stoppingSince > ONE_KEYSTROKE) process.exit(1);
        return;
      }
      stoppingSince = performance.now();
      metrics?.close();
      gatehouse.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
}

/** On a port of its own. Of several processes of one cluster, the one that started them serves the sum. */
async function serveMetrics({ metrics }: Config, { registry }: Metrics): Promise<Server | undefined> {
  if (cluster.isWorker) {
    new AggregatorRegistry(); // answers whoever sums up
    AggregatorRegistry.setRegistries([registry]);
  }
  if (!metrics || cluster.isWorker) return undefined;
  const server = createMetricsServer(registry).listen(metrics.port, metrics.host);
  await once(server, 'listening');
  return server;
}

/** Milliseconds within which two signals are one. */
const ONE_KEYSTROKE = 500;

/** What is allowed, and hardly meant. */
function warningsAbout(config: Config): string[] {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(config.host);
  if (!config.production) {
    return loopback
      ? []
      : [
          'HOST lets other machines in, with the demo users and the open schema of development: set NODE_ENV=production',
        ];
  }
  return [
    ...(config.smtpUrl ? [] : ['SMTP_URL is not set: mails are written to the outbox folder and sent to nobody']),
    ...(config.publicUrlIsSet ? [] : [`PUBLIC_URL is not set: the links in mails lead to ${config.publicUrl}`]),
  ];
}

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return false;
  error.message = `${error.message}: something else listens there. Set PORT to another one.`;
  return true;
}
