#!/usr/bin/env node
// npm run gatehouse -- COMMAND
// What has to work without a browser: by the code of the administration, and in the same audit log.
import { setFlagsFromString } from 'node:v8';
import { orSayWhy } from '../common/start-refused.ts';
import { boundYoungGeneration } from '../start/young-generation.ts';
import { askPassword, confirm } from './ask-password.ts';
import { runCommand, type Terminal } from './run-command.ts';

// It has all users of another system in memory, and makes rows of them: what it left behind would become as much again.
if (process.argv[2] === 'import') {
  boundYoungGeneration();
  setFlagsFromString('--heap-growing-percent=20');
}

const terminal: Terminal = {
  async open({ demo: withDemo = true }) {
    const { pino } = await import('pino');
    const { readConfig } = await import('../config/config.ts');
    const { openSeeded } = await import('../start/open-seeded.ts');
    const { environment } = await import('../config/environment.ts');
    const { createGatehouse } = await import('../gatehouse.ts');
    const { demoLines } = await import('../start/start-message.ts');
    const read = readConfig(environment());
    (await import('../project/generate.ts')).generate();
    const app = await (await import('../start/load-app.ts')).loadApp();
    const config = { ...read, seedDemo: read.seedDemo && withDemo };
    const { database, demo } = await openSeeded(config, app, console.error);
    const gatehouse = await createGatehouse({ ...app, config, database, log: pino({ level: 'silent' }) });
    if (demo)
      console.error(`${['The database was empty. It has these accounts now:', ...demoLines(demo)].join('\n')}\n`);
    return { gatehouse, database, close: () => gatehouse.close() };
  },
  async verify({ roles, seed, onProgress }) {
    const { verify } = await import('../verify/verify.ts');
    const { inWords } = await import('../verify/report.ts');
    (await import('../project/generate.ts')).generate();
    const app = await (await import('../start/load-app.ts')).loadApp();
    const report = await verify(app, { roles, seed, onProgress });
    return { differences: report.findings.length, text: inWords(report), json: JSON.stringify(report, null, 2) };
  },
  askPassword,
  confirm: process.stdin.isTTY ? confirm : undefined,
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
};

await orSayWhy(async () => {
  process.exitCode = await runCommand(process.argv.slice(2), terminal);
});
// Not left to end by itself: after a migration the engine's own time limit would keep it here for ten seconds.
process.exit();
