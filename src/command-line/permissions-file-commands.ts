import { readFileSync, writeFileSync } from 'node:fs';
import { applyFile } from '../administration/permissions-file/apply-file.ts';
import { permissionsFileOf } from '../administration/permissions-file/format-file.ts';
import { parsePermissionsFile } from '../administration/permissions-file/parse-file.ts';
import type { PermissionsFile } from '../administration/permissions-file/permissions-file.ts';
import { type Plan, planOf } from '../administration/permissions-file/plan.ts';
import { allRoles } from '../administration/roles/find-role.ts';
import { catalogueOf } from '../authorization/catalogue.ts';
import { type Arguments, byCommandLine, type Command, Misused, Refused } from './command.ts';

const USUAL = 'permissions.yaml';

/** Roles and permissions as a file that is reviewed and kept with the code. */
export const PERMISSIONS_FILE: readonly Command[] = [
  {
    usage: 'permissions pull [FILE]',
    description: `writes roles and permissions to a file, ${USUAL} where none is named`,
    async run(given, { gatehouse, database }) {
      const file = fileOf(given);
      const roles = await allRoles(database.prisma);
      const text = permissionsFileOf(roles, gatehouse.administration.tokenActions.all);
      try {
        writeFileSync(file, text);
      } catch (error) {
        throw unusable(file, 'written', error);
      }
      return `${roles.length} roles are in ${file}`;
    },
  },
  {
    usage: 'permissions plan [FILE]',
    description: 'tells what applying it would change, and for how many users',
    async run(given, { gatehouse }) {
      const plan = await planOf(gatehouse.administration, catalogueOf(gatehouse.schema), read(given));
      return [inWords(plan), ...obstaclesIn(plan)].join('\n');
    },
  },
  {
    usage: 'permissions apply [FILE]',
    description: 'makes the roles so, all of it or nothing, unless they were changed since the pull',
    async run(given, { gatehouse }) {
      const file = read(given);
      const plan = await applyFile(gatehouse.administration, catalogueOf(gatehouse.schema), byCommandLine(), file);
      if (plan.obstacles.length > 0) throw new Refused(['Nothing was changed.', ...obstaclesIn(plan)].join('\n'));
      return inWords(plan);
    },
  },
  {
    usage: 'permissions check [FILE]',
    description: 'ends with exit code 1 when the roles are not as the file says',
    async run(given, { gatehouse }) {
      const plan = await planOf(gatehouse.administration, catalogueOf(gatehouse.schema), read(given));
      if (plan.changes.length > 0)
        throw new Refused(`The roles are not as the file says. Applying it would be:\n${inWords(plan)}`);
      return 'The roles are as the file says.';
    },
  },
];

function fileOf({ words }: Arguments): string {
  if (words.length > 1) throw new Misused();
  return words[0] ?? USUAL;
}

function read(given: Arguments): PermissionsFile {
  const file = fileOf(given);
  try {
    return parsePermissionsFile(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Refused(`There is no file ${file}. To write it: npm run gatehouse -- permissions pull ${file}`);
    }
    throw unusable(file, 'read', error);
  }
}

/** Of the file, or of something else that went wrong. */
function unusable(file: string, done: 'read' | 'written', error: unknown): unknown {
  const ofFile = error instanceof Error && 'syscall' in error && 'code' in error;
  return ofFile ? new Refused(`The file ${file} cannot be ${done} (${error.code})`) : error;
}

function inWords({ changes }: Plan): string {
  return changes.length === 0 ? 'Nothing to do: the roles are as the file says.' : changes.join('\n');
}

function obstaclesIn({ obstacles }: Plan): string[] {
  return obstacles.map((obstacle) => `It cannot be applied: ${obstacle}`);
}
