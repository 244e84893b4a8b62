// Starts the server and stops it cleanly. The only file with an effect when it is imported.
import { pino } from 'pino';
import pretty from 'pino-pretty';
import { ConfigError, readConfig } from './config.ts';
import { DirectoryInUse } from './database/directory-lock.ts';
import { openSeeded } from './database/open-seeded.ts';
import { createGatehouse } from './gatehouse.ts';
import { startMessage } from './start-message.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = config.production
    ? pino({ level: config.logLevel })
    : pino({ level: config.logLevel }, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));

  const { database, demo } = await openSeeded(config);
  const gatehouse = await createGatehouse({ config, database, log });
  const address = await gatehouse.listen();
  process.stdout.write(await startMessage({ config, address, prisma: database.prisma, demo }));
  if (config.production && !config.smtpUrl)
    log.warn('SMTP_URL is not set: mails are written to the outbox folder and sent to nobody');

  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
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

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof DirectoryInUse || isPortTaken(error);
  process.stderr.write(`\n${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n\n`);
  process.exit(1);
});

function isPortTaken(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return false;
  error.message = `${error.message}: something else listens there. Set PORT to another one.`;
  return true;
}
