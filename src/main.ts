// Starts the server and stops it cleanly. The only file with an effect when it is imported.
import { blockDemoUsers, removeDemoAdmin } from './administration/demo-accounts.ts';
import { ensureFirstAdmin } from './administration/first-admin.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { DirectoryInUse } from './database/directory-lock.ts';
import { DatabaseUnreachable } from './database/open.ts';
import { openSeeded } from './database/open-seeded.ts';
import { environment } from './environment.ts';
import { createGatehouse } from './gatehouse.ts';
import { createLog } from './log.ts';
import { startMessage } from './start-message.ts';

async function main(): Promise<void> {
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
  const firstAdmin = await ensureFirstAdmin(gatehouse.administration, config);
  const address = await gatehouse.listen();
  process.stdout.write(await startMessage({ config, address, prisma, demo, firstAdmin }));
  for (const warning of warningsAbout(config)) log.warn(warning);

  let stoppingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        // Asked twice: not to wait for anybody. But one Ctrl-C may arrive twice, from the terminal and through npm.
        if (performance.now() - stoppingSince > ONE_KEYSTROKE) process.exit(1);
        return;
      }
      stoppingSince = performance.now();
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

main().catch((error: unknown) => {
  const expected = [ConfigError, DirectoryInUse, DatabaseUnreachable].some((kind) => error instanceof kind);
  const text = expected || isPortTaken(error) ? (error as Error).message : error instanceof Error ? error.stack : error;
  process.stderr.write(`\n${text}\n\n`);
  process.exit(1);
});

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return false;
  error.message = `${error.message}: something else listens there. Set PORT to another one.`;
  return true;
}
