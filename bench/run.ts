// `npm run bench`: what a request costs, beside what it would cost if it were answered without us. README.md says how to
// read the ratios.

import { countStatements } from './count-statements.ts';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { type Measured, measure } from './measure.ts';
import { type BenchOptions, parseOptions } from './options.ts';
import { startServers } from './servers.ts';
import { type Step, startSteps } from './steps.ts';
import { summarize } from './summary.ts';
import { asTable } from './table.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const progress = (line: string) => process.stderr.write(`${line}\n`);

  await using database = await openBenchDatabase(process.env['BENCH_DATABASE_URL'] || undefined);
  progress(`${database.description}: counting SQL statements`);
  const statements = await countStatements(database);
  const steps = await measureSteps(database, options, progress, interrupted.signal);
  progress('starting the servers, and checking their answers');
  await using servers = await startServers(database);
  const measured = await measure(servers, options, progress, interrupted.signal);
  const summary = summarize(measured, steps, statements, { database: database.description, ...options });
  process.stdout.write(options.json ? `${JSON.stringify(summary, undefined, 2)}\n` : asTable(summary));
}

/** Before anything else is measured: `createPost` fills the table that is read here. */
async function measureSteps(
  database: BenchDatabase,
  options: BenchOptions,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<Measured<Step>> {
  progress('one question step by step: starting the servers, and checking their answers');
  await using steps = await startSteps(database);
  return await measure(steps, options, progress, signal);
}

main().catch((error: unknown) => {
  process.stderr.write(`\nNo numbers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
