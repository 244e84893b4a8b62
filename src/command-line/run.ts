import { parseArgs } from 'node:util';
import { PermissionsFileError } from '../administration/permissions-file/permissions-file.ts';
import { ApiError, reasonsOf } from '../common/errors.ts';
import { ADMINS } from './administrator-commands.ts';
import { API_TOKENS } from './api-token-commands.ts';
import { AUDIT } from './audit-commands.ts';
import { type Arguments, type Command, type CommandContext, Misused, Refused } from './command.ts';
import { PERMISSIONS } from './permission-commands.ts';
import { PERMISSIONS_FILE } from './permissions-file-commands.ts';
import { ROLES } from './role-commands.ts';
import { USERS } from './user-commands.ts';

const COMMANDS: readonly Command[] = [
  ...ADMINS,
  ...API_TOKENS,
  ...USERS,
  ...ROLES,
  ...PERMISSIONS,
  ...PERMISSIONS_FILE,
  ...AUDIT,
];

/** A command that was asked for, with what it takes. */
export interface AskedCommand {
  /** Tells what came of it. @throws Refused, ApiError or PermissionsFileError when it cannot be done. */
  run(context: CommandContext): Promise<string>;
}

/**
 * Reads the words after `npm run gatehouse --`. Nothing is opened for it.
 *
 * @throws Refused with how it is asked, for words that are no command.
 */
export function commandIn(words: readonly string[]): AskedCommand {
  const [first, second] = words;
  const about = COMMANDS.filter(({ usage }) => usage.startsWith(`${first} `));
  const command = about.find(({ usage }) => `${usage} `.startsWith(`${first} ${second} `));
  if (!command) throw new Refused(usageOf(about.length > 0 ? about : COMMANDS));
  const given = argumentsOf(command, words.slice(2));
  return {
    run: (context) =>
      command.run(given, context).catch((error: unknown) => {
        throw error instanceof Misused ? new Refused(usageOf([command])) : error;
      }),
  };
}

/** What to tell of an error that was expected: each fault of an input, and not only how many there are. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof Refused || error instanceof PermissionsFileError) return error.message;
  return error instanceof ApiError ? reasonsOf(error).join('\n') : undefined;
}

function argumentsOf(command: Command, args: string[]): Arguments {
  const options = Object.fromEntries(
    [...command.usage.matchAll(/--(\w+)/g)].map(([, name = '']) => [name, { type: 'string' as const }]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { words: positionals, options: values as Arguments['options'] };
  } catch (error) {
    // It names the option, and not what was given to it.
    const [reason] = error instanceof Error ? error.message.split('. ', 1) : [];
    throw new Refused([...(reason ? [reason] : []), usageOf([command])].join('\n'));
  }
}

function usageOf(commands: readonly Command[]): string {
  const lines = commands.flatMap(({ usage, description }) => [
    `  npm run gatehouse -- ${usage}`,
    `      ${description}`,
  ]);
  return ['Usage:', ...lines].join('\n');
}
