import cluster from 'node:cluster';
import type { Server } from 'node:http';
import { AggregatorRegistry } from 'prom-client';
import { warnOfUsernames } from '../administration/disputed-usernames.ts';
import { warnOfInvalidGrants } from '../administration/invalid-grants.ts';
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
 * Starts the server of an app with the process environment. Stops it cleanly when `stop` is aborted, even during the start.
 *
 * @param load loads the app, once the environment is known to be right.
 * @throws StartRefused when the environment has to be corrected, or by `load`.
 */
export async function start(stop: AbortSignal, load: () => Promise<App>): Promise<void> {
  const giveUp = () => void setTimeout(() => process.exit(1), LONGEST_STOP_OF_A_START);
  stop.addEventListener('abort', giveUp);
  const variables = environment();
  const config = readConfig(variables);
  const log = createLog(config);
  const app = await load();
  const { database, demo } = await openSeeded(config, app, (warning) => log.warn(warning));
  const { prisma } = database;
  const gatehouse = await createGatehouse({ ...app, config, database, log, examples: exampleLogins(config, app) });
  if (config.production) {
    const blocked = await blockDemoUsers(gatehouse.administration);
    if (blocked.length > 0) log.warn({ blocked }, 'users with the public password of development were blocked');
    const deleted = await removeDemoAdmins(gatehouse.administration);
    if (deleted.length > 0)
      log.warn({ deleted }, 'administrators with the public password of development were deleted');
  }
  // In a cluster, only the first process prints messages.
  const isFirst = cluster.isPrimary || cluster.worker?.id === 1;
  const firstAdmin = isFirst ? await ensureFirstAdmin(gatehouse.administration, config) : undefined;
  let metrics: Server | undefined;
  if (!stop.aborted) {
    metrics = await serveMetrics(config, gatehouse.metrics);
    const address = await gatehouse.listen();
    if (firstAdmin) {
      process.stdout.write(await startMessage({ config, address, prisma, demoUsers: app.demoUsers, demo, firstAdmin }));
      for (const { name, meant } of nearMisses(variables)) log.warn(`${name} is not a variable: is ${meant} meant?`);
      for (const warning of warningsAbout(config)) log.warn(warning);
      await warnOfUsernames(gatehouse.administration, log);
      await warnOfInvalidGrants(gatehouse.administration, log);
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

/** Milliseconds after which a start that was asked to stop exits, even if it is not complete. */
const LONGEST_STOP_OF_A_START = 10_000;

/** Serves metrics on a separate port. In a cluster, the primary process serves the sum of its workers. */
async function serveMetrics({ metrics }: Config, { registry }: Metrics): Promise<Server | undefined> {
  if (cluster.isWorker) {
    new AggregatorRegistry(); // answers the primary process
    AggregatorRegistry.setRegistries([registry]);
  }
  if (!metrics || cluster.isWorker) return undefined;
  const server = createMetricsServer(registry);
  await listen(server, { ...metrics, variables: { host: 'METRICS_HOST', port: 'METRICS_PORT' } });
  return server;
}

/** Warnings about settings that are valid but probably not intended. */
function warningsAbout(config: Config): string[] {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(config.host);
  if (!config.production) {
    return loopback
      ? []
      : [
          'HOST allows connections from other machines, with the demo users and open schema of development. Set NODE_ENV=production',
        ];
  }
  return [
    ...(config.smtpUrl ? [] : ['SMTP_URL is not set: mails are written to the mail folder and sent to nobody']),
    ...(config.publicUrlIsSet ? [] : [`PUBLIC_URL is not set: the links in mails lead to ${config.publicUrl}`]),
  ];
}
