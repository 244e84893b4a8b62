import { parse, YAMLError } from 'yaml';
import { z } from 'zod';
import { type Grant, MAX_GRANTS, type Permission } from '../../authorization/grants.ts';
import { faultOfJson } from '../../common/bounded-json.ts';
import { faultsOfName, faultsOfText } from '../validate-texts.ts';
import { type PermissionsFile, PermissionsFileError } from './permissions-file.ts';

/** @throws PermissionsFileError for a text that is no such file, with every reason. */
export function parsePermissionsFile(text: string): PermissionsFile {
  let content: unknown;
  try {
    // Of YAML what JSON has: a tag such as !!omap or !!set would make something else of what looks like a grant.
    content = parse(text, {
      uniqueKeys: true,
      maxAliasCount: 0,
      resolveKnownTags: false,
      stringKeys: true,
      logLevel: 'error',
    });
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error;
    throw new PermissionsFileError(`The file is not YAML: ${error.message.split('\n', 1)[0]}`);
  }
  const { success, data, error } = FILE.safeParse(content);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
    throw new PermissionsFileError(`The file cannot be understood:\n${problems.join('\n')}`);
  }
  const roles = Object.entries(data.roles).map(([type, { name, description, includes = [], permissions }]) => ({
    type,
    name: name.trim(),
    description: description ?? null,
    includes: [...includes].sort(),
    permissions: [...permissions].sort(byAction),
  }));
  return { pulledFrom: data.pulledFrom, roles };
}

/**
 * Reads an entry of a role: an action, or an action with its grants. What the grants mean is another matter: one that cannot be
 * read any more can stay.
 */
function readItem(item: unknown, fault: (message: string) => void): Permission {
  if (typeof item === 'string') return [item, null];
  const [[action = '', grants] = [], ...others] = isMap(item) ? Object.entries(item) : [];
  if (action === '' || others.length > 0) fault('expected one action, or one action with its grants');
  else if (!Array.isArray(grants) || !grants.every(isMap)) fault(`expected a list of grants for ${action}`);
  else if (grants.length === 0)
    fault(`expected at least one grant for ${action}: without the list, it is without restriction`);
  else if (grants.length > MAX_GRANTS) fault(`expected at most ${MAX_GRANTS} grants for ${action}`);
  else {
    const wrong = faultOfJson(grants);
    if (wrong !== undefined) fault(`the grants for ${action} ${wrong}`);
  }
  return [action, grants as readonly Grant[]]; // checked above: with a fault, nobody uses it
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byAction([one]: Permission, [other]: Permission): number {
  return one < other ? -1 : 1;
}

const FILE = z.strictObject({
  pulledFrom: z.string(),
  roles: z.record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'expected a type of lower-case letters, digits, _ and -'),
    z.strictObject({
      name: z.string().refine((name) => faultsOfName(name).length === 0, 'expected a name of 1 to 100 characters'),
      description: z
        .string()
        .refine((text) => faultsOfText(text, []).length === 0, 'expected at most 1000 characters')
        .nullish(),
      includes: z
        .array(z.string())
        .refine((types) => new Set(types).size === types.length, 'expected each role once')
        .optional(),
      permissions: z
        .array(z.unknown())
        .transform((list, context): Permission[] =>
          list.map((item, index) =>
            readItem(item, (message) => context.addIssue({ code: 'custom', message, path: [index] })),
          ),
        )
        .refine(
          (permissions) => new Set(permissions.map(([action]) => action)).size === permissions.length,
          'expected each action once',
        ),
    }),
  ),
});
