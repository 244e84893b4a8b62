import tab from '@bomb.sh/tab/commander';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { addAdministratorCommands } from './administrator-commands.ts';
import { addAdoptCommand } from './adopt-command.ts';
import { addApiTokenCommands } from './api-token-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import type { AddCommands, Run } from './command.ts';
import { addImportCommands } from './import-commands.ts';
import { addKeyCommands } from './key-commands.ts';
import { addPermissionCommands } from './permission-commands.ts';
import { addProjectCommands } from './project-commands.ts';
import { addRoleCommands } from './role-commands.ts';
import { addServerCommands } from './server-commands.ts';
import { addUserCommands } from './user-commands.ts';
import { addVerifyCommand, type VerifyApp } from './verify-command.ts';

const COMMANDS: readonly AddCommands[] = [
  addServerCommands,
  addAdministratorCommands,
  addApiTokenCommands,
  addUserCommands,
  addRoleCommands,
  addPermissionCommands,
  addKeyCommands,
  addAuditCommands,
  addImportCommands,
  addAdoptCommand,
  addProjectCommands,
];

const HEAD = 'Administer Gatehouse without a browser. Each change is in the audit log, as in the administration.';
const FOOT = `
Every command explains its arguments and options with --help.
Exit code: 0 when the command was carried out, 1 when it was not.`;

/**
 * The commands of Gatehouse. An error in the words of a command is printed and thrown as a CommanderError; the process goes
 * on.
 */
export function createProgram(
  run: Run,
  {
    print,
    printError,
    verify,
  }: { print(text: string): void; printError(text: string): void; readonly verify: VerifyApp },
): Command {
  const program = new Command('gatehouse')
    .description(HEAD)
    .addHelpText('after', FOOT)
    .helpOption('-h, --help', 'explain the command')
    .exitOverride()
    .configureHelp({ commandUsage: usageOf })
    .configureOutput({
      writeOut: print,
      writeErr: printError,
      outputError: (message, write) => write(withoutValues(message)),
    });
  for (const addCommands of COMMANDS) addCommands(program, run, print);
  addVerifyCommand(program, verify, { print, printError });
  // Its declaration names the class of commander, of which this one is the same with more precise types.
  tab(program as unknown as Parameters<typeof tab>[0]);
  const complete = program.commands.find((command) => command.name() === 'complete');
  complete?.description('Print the completion script of a shell').usage('[shell]');
  for (const command of allCommands(program)) {
    command.helpCommand(false).showHelpAfterError(`\nUsage: ${usageOf(command)}\nFor more: --help`);
  }
  return program;
}

/** A command and all that are below it. */
export function allCommands(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** As it is typed. */
function usageOf(command: CommandUnknownOpts): string {
  const names: string[] = [];
  for (let one: CommandUnknownOpts | null = command; one?.parent; one = one.parent) names.unshift(one.name());
  return ['npm run gatehouse --', ...names, command.usage()].join(' ');
}

/** Commander's message, without values: what was typed in the wrong place may be a password. */
function withoutValues(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]*)=.*'/s, "$1'")
    .replace(/^(too many arguments.*) but got \d+: .*$/s, '$1.\n')
    .replace(/ argument '.*' is invalid\./s, ' is invalid.')
    .replace(/^command-argument value '.*' is invalid for argument/s, 'invalid value of');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
