// npm run gatehouse -- COMMAND
// What has to work when no browser does. By the code of the administration, and in the same audit log.
import { pino } from 'pino';
import { askPassword, confirm } from '../src/command-line/ask.ts';
import { commandIn, reasonOf } from '../src/command-line/run.ts';
import { readConfig } from '../src/config.ts';
import { openSeeded } from '../src/database/open-seeded.ts';
import { environment } from '../src/environment.ts';
import { createGatehouse } from '../src/gatehouse.ts';
import { demoLines } from '../src/start-message.ts';
import { describeFailure } from '../src/start-refused.ts';

async function main(): Promise<void> {
  const command = commandIn(process.argv.slice(2));
  const config = readConfig(environment());
  const { database, demo } = await openSeeded(config);
  const gatehouse = await createGatehouse({ config, database, log: pino({ level: 'silent' }) });
  try {
    if (demo) console.log(`${['The database was empty, and is not any more.', ...demoLines(demo)].join('\n')}\n`);
    console.log(
      await command.run({ gatehouse, database, askPassword, confirm: process.stdin.isTTY ? confirm : undefined }),
    );
  } finally {
    await gatehouse.close();
  }
}

main().then(
  // Not left to end by itself: after a migration the engine's own time limit would keep it here for ten seconds.
  () => process.exit(0),
  (error: unknown) => {
    console.error(reasonOf(error) ?? describeFailure(error));
    process.exit(1);
  },
);
