import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { moduleBeside } from '../common/module-beside.ts';
import type { AddCommands } from './command.ts';

/** The server itself, with the application in the working directory. */
export const addServerCommands: AddCommands = (program) => {
  program
    .command('start')
    .description('Start the server')
    .option('--cluster', 'one process per processor, or WORKERS, on one PostgreSQL server')
    .action(async ({ cluster = false }) => {
      (await import('../project/generate.ts')).generate();
      // Either begins when it is loaded, and ends the process itself.
      await (cluster ? import('../start/cluster.ts') : import('../main.ts'));
      await new Promise(() => {});
    });

  program
    .command('dev')
    .description('Start the server, and again whenever a file of the application changes')
    .action(async () => {
      (await import('../project/generate.ts')).generate();
      const words = [...process.execArgv, '--watch', fileURLToPath(moduleBeside(import.meta, '../main'))];
      const child = spawn(process.execPath, words, { stdio: 'inherit' });
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
      const [code] = (await once(child, 'exit')) as [number | null];
      process.exit(code ?? 0);
    });
};
