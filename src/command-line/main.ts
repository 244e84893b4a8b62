// npm run gatehouse -- COMMAND
// What has to work when no browser does. By the code of the administration, and in the same audit log.
import { pino } from 'pino';
import { orSayWhy, StartRefused } from '../common/start-refused.ts';

async function main(): Promise<void> {
  // Loading them is a part of it: content types that cannot be served say so there.
  const { commandIn, reasonOf } = await import('./run.ts');
  const { askPassword, confirm } = await import('./ask-password.ts');
  const { readConfig } = await import('../config/config.ts');
  const { openSeeded } = await import('../start/open-seeded.ts');
  const { environment } = await import('../config/environment.ts');
  const { createGatehouse } = await import('../gatehouse.ts');
  const { demoLines } = await import('../start/start-message.ts');
  try {
    const command = commandIn(process.argv.slice(2));
    const config = readConfig(environment());
    const { database, demo } = await openSeeded(config, console.error);
    const gatehouse = await createGatehouse({ config, database, log: pino({ level: 'silent' }) });
    try {
      if (demo) console.log(`${['The database was empty, and is not any more.', ...demoLines(demo)].join('\n')}\n`);
      console.log(
        await command.run({ gatehouse, database, askPassword, confirm: process.stdin.isTTY ? confirm : undefined }),
      );
    } finally {
      await gatehouse.close();
    }
  } catch (error) {
    const reason = reasonOf(error);
    throw reason === undefined ? error : new StartRefused(reason);
  }
}

await orSayWhy(main);
// Not left to end by itself: after a migration the engine's own time limit would keep it here for ten seconds.
process.exit(0);
