import { readFileSync, writeFileSync } from 'node:fs';
import type { ForceOption, Plan } from '../administration/permissions-file/plan.ts';
import type { AddCommands, CommandContext } from './command.ts';
import { CommandRefused } from './command.ts';

const DEFAULT_FILE = 'permissions.yaml';
const FORCE = ['--force', 'also over what was changed in the database since the file was pulled or applied'] as const;

/** Roles and permissions as a file that is reviewed and kept with the code. */
export const addPermissionsFileCommands: AddCommands = (group, run) => {
  const commandOnFile = (name: string, description: string) =>
    group.command(name).description(description).argument('[file]', 'the file', DEFAULT_FILE);

  commandOnFile('pull', 'Write roles and permissions to a file').action((file) =>
    run(async ({ gatehouse, database }) => {
      const { formatPermissionsFile } = await import('../administration/permissions-file/format-file.ts');
      const { allRoles } = await import('../administration/roles/find-role.ts');
      const roles = await allRoles(database.prisma);
      const { tokenActions, rules } = gatehouse.administration;
      const text = formatPermissionsFile(roles, { known: tokenActions.all, rules });
      try {
        writeFileSync(file, text);
      } catch (error) {
        throw unusable(file, 'written', error);
      }
      return `${roles.length} roles are in ${file}`;
    }),
  );

  commandOnFile(
    'plan',
    'Print what applying a file would change, and for how many users; exit code 1 when it cannot be applied',
  )
    .option(...FORCE)
    .action((file, options) =>
      run(async (context) => {
        const plan = await planOfFile(file, context, options);
        if (plan.obstacles.length > 0) throw new CommandRefused([inWords(plan), ...obstaclesIn(plan)].join('\n'));
        return inWords(plan);
      }),
    );

  commandOnFile(
    'apply',
    'Change the roles to what a file says: all of it or nothing, and nothing when they were changed since the pull',
  )
    .option(...FORCE)
    .action((file, options) =>
      run(async ({ gatehouse, by }) => {
        const { applyFile } = await import('../administration/permissions-file/apply-file.ts');
        const { catalogueOf } = await import('../authorization/catalogue.ts');
        const wanted = await readPermissionsFile(file);
        const plan = await applyFile(gatehouse.administration, catalogueOf(gatehouse.schema), by, wanted, options);
        if (plan.obstacles.length > 0 || plan.pulledFrom === undefined)
          throw new CommandRefused(['Nothing was changed.', ...obstaclesIn(plan)].join('\n'));
        return [inWords(plan), ...renew(file, plan.pulledFrom)].join('\n');
      }),
    );

  commandOnFile(
    'check',
    'Exit with code 1 when the roles differ from a file, or a grant in the database can no longer be read',
  ).action((file) =>
    run(async (context) => {
      const plan = await planOfFile(file, context);
      const invalid = await invalidGrants(context);
      if (plan.changes.length > 0 || invalid.length > 0) {
        const differs = `The roles differ from the file. Applying it would change:\n${inWords(plan)}`;
        throw new CommandRefused([...(plan.changes.length > 0 ? [differs] : []), ...invalid].join('\n'));
      }
      return 'The roles are as the file says.';
    }),
  );
};

/** A line for each grant that does not read any more, of roles and of API tokens. */
async function invalidGrants({ gatehouse, database }: CommandContext): Promise<string[]> {
  const { findInvalidGrants } = await import('../administration/invalid-grants.ts');
  return (await findInvalidGrants(database.prisma, gatehouse.administration.rules)).map(
    ({ holder, problem }) =>
      `A grant of ${holder} can no longer be read, and allows nothing: ${problem.path}: ${problem.message}`,
  );
}

async function planOfFile(file: string, { gatehouse }: CommandContext, options: ForceOption = {}): Promise<Plan> {
  const { planOf } = await import('../administration/permissions-file/plan.ts');
  const { catalogueOf } = await import('../authorization/catalogue.ts');
  return planOf(gatehouse.administration, catalogueOf(gatehouse.schema), await readPermissionsFile(file), options);
}

/**
 * Lets the file say that it is of the roles as they are now, so that its next change can be applied. Nothing else of it changes.
 *
 * @returns what to tell when it cannot be written.
 */
function renew(file: string, pulledFrom: string): string[] {
  try {
    const text = readFileSync(file, 'utf8');
    const renewed = text.replace(/^pulledFrom:.*$/m, `pulledFrom: ${pulledFrom}`);
    if (renewed !== text) writeFileSync(file, renewed);
    return [];
  } catch (error) {
    const refused = unusable(file, 'written', error);
    if (!(refused instanceof CommandRefused)) throw refused;
    return [`${refused.message}. Pull it again before its next change.`];
  }
}

async function readPermissionsFile(file: string) {
  const { parsePermissionsFile } = await import('../administration/permissions-file/parse-file.ts');
  try {
    return parsePermissionsFile(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new CommandRefused(`There is no file ${file}. To write it: npm run gatehouse -- permissions pull ${file}`);
    }
    throw unusable(file, 'read', error);
  }
}

/** What to throw when a file was not read or written: about the file, if that is what failed. */
function unusable(file: string, done: 'read' | 'written', error: unknown): unknown {
  const isOfFile = error instanceof Error && 'syscall' in error && 'code' in error;
  return isOfFile ? new CommandRefused(`The file ${file} cannot be ${done} (${error.code})`) : error;
}

function inWords({ changes, warnings }: Plan): string {
  const lines = [...changes, ...warnings.map((warning) => `Warning: ${warning}`)];
  return lines.length === 0 ? 'Nothing to do: the roles are as the file says.' : lines.join('\n');
}

function obstaclesIn({ obstacles }: Plan): string[] {
  return obstacles.map((obstacle) => `It cannot be applied: ${obstacle}`);
}
