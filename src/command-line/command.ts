import { userInfo } from 'node:os';
import type { By } from '../administration/administration.ts';
import { NO_CEILING } from '../administration/ceiling.ts';
import type { Database } from '../database/open.ts';
import type { Gatehouse } from '../gatehouse.ts';

/** One command of `npm run gatehouse`. */
export interface Command {
  /** After `npm run gatehouse --`: the words that have to be there, and then what it takes. */
  readonly usage: string;
  readonly description: string;
  /** Tells what came of it. @throws Refused when it cannot be done. */
  run(arguments_: Arguments, context: CommandContext): Promise<string>;
}

/** What follows the words of a command. */
export interface Arguments {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
}

export interface CommandContext {
  readonly gatehouse: Gatehouse;
  readonly database: Database;
  readonly askPassword: () => Promise<string>;
  /** Asks whoever sits at the terminal; undefined where nobody does. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
}

/** What was asked cannot be done; the message says why, and what can. */
export class Refused extends Error {}

/** What was asked is not how it is asked. */
export class Misused extends Error {}

/** Whoever has a shell on this machine and its settings: they give whatever there is. */
export function byCommandLine(): By {
  const actor = {
    kind: 'commandLine',
    documentId: null,
    name: accountName(),
    origin: undefined,
    requestId: null,
  } as const;
  return { actor, ceiling: NO_CEILING };
}

/** The account of the operating system; in a container there may be none. */
function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** The only word that a command takes. @throws Misused without it, or with more. */
export function oneWord({ words }: Arguments): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new Misused();
  return word;
}

/** A table for people: columns as wide as they have to be. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
