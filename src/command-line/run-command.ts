import { CommanderError } from '@commander-js/extra-typings';
import type { Database } from '../database/open.ts';
import type { Gatehouse } from '../gatehouse.ts';
import { type CommandContext, CommandRefused, type OpenFor, type Run } from './command.ts';
import { createProgram } from './program.ts';
import type { VerifyApp } from './verify-command.ts';

/** The outside of a command: the server that it opens, and the terminal. */
export interface Terminal extends Pick<CommandContext, 'askPassword' | 'confirm'> {
  /** Called only by a command that needs it. */
  open(
    wanted: OpenFor,
  ): Promise<{ readonly gatehouse: Gatehouse; readonly database: Database; close(): Promise<void> }>;
  /** Verifies the application. */
  readonly verify: VerifyApp;
  /** To standard output. */
  print(text: string): void;
  /** To standard error. */
  printError(text: string): void;
}

/**
 * Runs the command that these words ask for.
 *
 * @param words what follows `npm run gatehouse --`. None of them asks for help.
 * @returns the exit code: 0 when the command was carried out, 1 when it was not, and then standard error has the reason.
 */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<0 | 1> {
  const { askPassword, confirm } = terminal;
  const report = (line: string) => terminal.printError(`${line}\n`);
  const run: Run = async (work, wanted = {}) => {
    const { byCommandLine } = await import('./by-command-line.ts');
    const { gatehouse, database, close } = await terminal.open(wanted);
    try {
      const text = await work({ gatehouse, database, by: byCommandLine(), askPassword, confirm, report });
      terminal.print(`${text}\n`);
    } finally {
      await close();
    }
  };
  const program = createProgram(run, terminal);
  const [first, ...rest] = words;
  const isGroup = program.commands.some((group) => group.commands.length > 0 && group.name() === first);
  const asksForHelp = first === undefined || (rest.length === 0 && isGroup);
  try {
    await program.parseAsync(asksForHelp ? [...words, '--help'] : words, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1; // it has printed why
    const reason = await reasonOf(error);
    if (reason === undefined) throw error;
    terminal.printError(`${reason}\n`);
    return 1;
  }
}

/** What to print for an error that is no bug; undefined for a bug. */
async function reasonOf(error: unknown): Promise<string | undefined> {
  const { PermissionsFileError } = await import('../administration/permissions-file/permissions-file.ts');
  const { ImportRefused } = await import('../import/strapi/source.ts');
  const { StartRefused } = await import('../common/start-refused.ts');
  const inWords = [CommandRefused, PermissionsFileError, ImportRefused, StartRefused].some(
    (refusal) => error instanceof refusal,
  );
  if (error instanceof Error && inWords) return error.message;
  const { ApiError, reasonsOf } = await import('../common/errors.ts');
  return error instanceof ApiError ? reasonsOf(error).join('\n') : undefined;
}
