import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { CommandRefused } from './command.ts';

/** What the command asks for. */
export interface VerifyWanted {
  readonly roles: readonly string[] | undefined;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
}

/** Verifies the application of this process. It comes in by argument: what verifies stands above the commands. */
export type VerifyApp = (
  wanted: VerifyWanted,
) => Promise<{ readonly differences: number; readonly text: string; readonly json: string }>;

/** The permissions of the application, checked on a database that is thrown away. It opens no other one. */
export function addVerifyCommand(
  program: Command,
  verify: VerifyApp,
  { print, printError }: { print(text: string): void; printError(text: string): void },
): void {
  program
    .command('verify')
    .description('Check that a server of this application answers what its roles say, on a database of its own')
    .option('--role <type...>', 'only viewers with these roles')
    .option('--seed <number>', 'other rows', numberIn, 1)
    .option('--json', 'print the report as JSON')
    .action(async ({ role: roles, seed, json = false }) => {
      const report = await verify({ roles, seed, onProgress: (line) => printError(`${line}\n`) });
      print(`${json ? report.json : report.text}\n`);
      if (report.differences > 0) throw new CommandRefused('The server does not answer what its roles say.');
    });
}

function numberIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
