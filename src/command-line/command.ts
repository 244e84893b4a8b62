import type { Command } from '@commander-js/extra-typings';
import type { By } from '../administration/administration.ts';
import type { Database } from '../database/open.ts';
import type { Gatehouse } from '../gatehouse.ts';

/** What a command works with. It is there only while the command runs: help and completion open nothing. */
export interface CommandContext {
  readonly gatehouse: Gatehouse;
  readonly database: Database;
  /** The actor of the audit log. */
  readonly by: By;
  readonly askPassword: () => Promise<string>;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Prints a line to standard error while the work goes on. */
  readonly report: (line: string) => void;
}

/** How a command opens the database. */
export interface OpenFor {
  /** False: an empty database gets its roles, and neither example data nor demo users. */
  readonly demo?: boolean;
}

/** Runs the work of a command and prints the text that it returns. */
export type Run = (work: (context: CommandContext) => Promise<string>, open?: OpenFor) => Promise<void>;

/**
 * Adds the commands about one thing to the program. Their work imports what it needs when it runs, so that help and
 * completion answer at once. `print` is for those that need no server.
 */
export type AddCommands = (program: Command, run: Run, print: (text: string) => void) => void;

/** The command cannot be carried out: the message says why, and what to do. */
export class CommandRefused extends Error {}
