import { parse, YAMLError } from 'yaml';
import { z } from 'zod';
import { faultsOfName, faultsOfText } from '../validate-texts.ts';
import { type PermissionsFile, PermissionsFileError } from './permissions-file.ts';

/** @throws PermissionsFileError for a text that is no such file, with every reason. */
export function parsePermissionsFile(text: string): PermissionsFile {
  let content: unknown;
  try {
    content = parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error;
    throw new PermissionsFileError(`The file is not YAML: ${error.message.split('\n', 1)[0]}`);
  }
  const { success, data, error } = FILE.safeParse(content);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`);
    throw new PermissionsFileError(`The file cannot be understood:\n${problems.join('\n')}`);
  }
  const roles = Object.entries(data.roles).map(([type, { name, description, permissions }]) => ({
    type,
    name: name.trim(),
    description: description ?? null,
    actions: [...permissions].sort(),
  }));
  return { pulledFrom: data.pulledFrom, roles };
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
      permissions: z
        .array(z.string())
        .refine((actions) => new Set(actions).size === actions.length, 'expected each action once'),
    }),
  ),
});
