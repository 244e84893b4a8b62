import cluster from 'node:cluster';
import type { Server } from 'node:http';
import { AggregatorRegistry } from 'prom-client';
import { warnOfUsernames } from '../administration/disputed-usernames.ts';
import { type Config, readConfig } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { nearMisses } from '../config/unknown-variables.ts';
import { announceStop } from '../database/directory-lock.ts';
import { createGatehouse } from '../gatehouse.ts';
import { listen } from '../http/listen.ts';
import { createMetricsServer } from '../http/metrics.ts';
import { createLog } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { App } from './app.ts';
import { blockDemoUsers, removeDemoAdmins } from './demo-accounts.ts';
import { exampleLogins } from './example-logins.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { openSeeded } from './open-seeded.ts';
import { startMessage } from './start-message.ts';

/**
 * Starts the server of this app in this environment, and stops it cleanly when it is asked to, at any time.
 *
 * @throws StartRefused when what stops it is nobody's bug.
 */
export async function start(stop: AbortSignal, app: App): Promise<void> {
  const giveUp = () => void setTimeout(() => process.exit(1), LONGEST_STOP_OF_A_START);
  stop.addEventListener('abort', giveUp);
  const variables = environment();
  const config = readConfig(variables);
  const log = createLog(config);
  const { database, demo } = await openSeeded(config, app, (warning) => log.warn(warning));
  const { prisma } = database;
  const gatehouse = await createGatehouse({ ...app, config, database, log, examples: exampleLogins(config, app) });
  if (config.production) {
    const blocked = await blockDemoUsers(gatehouse.administration);
    if (blocked.length > 0) log.warn({ blocked }, 'users had the public password of development: they are blocked');
    const deleted = await removeDemoAdmins(gatehouse.administration);
    if (deleted.length > 0)
      log.warn({ deleted }, 'administrators had the public password of development, and were deleted');
  }
  // Of several processes that start together, the first speaks for all.
  const speaks = cluster.isPrimary || cluster.worker?.id === 1;
  const firstAdmin = speaks ? await ensureFirstAdmin(gatehouse.administration, config) : undefined;
  let metrics: Server | undefined;
  if (!stop.aborted) {
    metrics = await serveMetrics(config, gatehouse.metrics);
    const address = await gatehouse.listen();
    if (firstAdmin) {
      process.stdout.write(await startMessage({ config, address, prisma, demoUsers: app.demoUsers, demo, firstAdmin }));
      for (const { name, meant } of nearMisses(variables)) log.warn(`${name} is not a variable: is ${meant} meant?`);
      for (const warning of warningsAbout(config)) log.warn(warning);
      await warnOfUsernames(gatehouse.administration, log);
    }
  }

  const end = async () => {
    try {
      if (config.database.kind === 'embedded') announceStop(config.database.directory);
      metrics?.close();
      metrics?.closeAllConnections();
      await gatehouse.close();
      process.exit(0);
    } catch (error) {
      log.fatal({ err: error }, 'could not stop cleanly');
      process.exit(1);
    }
  };
  stop.removeEventListener('abort', giveUp);
  if (stop.aborted) await end();
  stop.addEventListener('abort', end);
}

/** Milliseconds that a start has to come to a point where it can stop: nobody is waiting for what it does. */
const LONGEST_STOP_OF_A_START = 10_000;

/** On a port of its own. Of several processes of one cluster, the one that started them serves the sum. */
async function serveMetrics({ metrics }: Config, { registry }: Metrics): Promise<Server | undefined> {
  if (cluster.isWorker) {
    new AggregatorRegistry(); // answers whoever sums up
    AggregatorRegistry.setRegistries([registry]);
  }
  if (!metrics || cluster.isWorker) return undefined;
  const server = createMetricsServer(registry);
  await listen(server, { ...metrics, variables: { host: 'METRICS_HOST', port: 'METRICS_PORT' } });
  return server;
}

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
    ...(config.smtpUrl ? [] : ['SMTP_URL is not set: mails are written to the mail folder and sent to nobody']),
    ...(config.publicUrlIsSet ? [] : [`PUBLIC_URL is not set: the links in mails lead to ${config.publicUrl}`]),
  ];
}
