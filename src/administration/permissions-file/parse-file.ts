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
  const roles = Object.entries(data.roles).map(([type, { name, description, includes = [], permissions }]) => ({
    type,
    name: name.trim(),
    description: description ?? null,
    includes: [...includes].sort(),
    permissions: permissions.map(permissionOf).sort(byAction),
  }));
  return { pulledFrom: data.pulledFrom, roles };
}

/** `post.update: [{ … }]`. What the grants mean is another matter: one that cannot be read any more can stay. */
const RESTRICTED = z
  .record(
    z.string(),
    z
      .array(
        z.custom<Grant>(
          (grant) => typeof grant === 'object' && grant !== null && !Array.isArray(grant),
          'expected a grant',
        ),
        'expected a list of grants',
      )
      .min(1, 'expected at least one grant: without the list, the action is without restriction')
      .max(MAX_GRANTS, `expected at most ${MAX_GRANTS} grants`)
      .superRefine((grants, context) => {
        const fault = faultOfJson(grants);
        if (fault !== undefined) context.addIssue({ code: 'custom', message: `grants ${fault}` });
      }),
  )
  .refine((map) => Object.keys(map).length === 1, 'expected one action with its grants');

type Item = string | z.infer<typeof RESTRICTED>;

function permissionOf(item: Item): Permission {
  return typeof item === 'string' ? [item, null] : [actionIn(item), item[actionIn(item)] ?? null];
}

function actionIn(item: Item): string {
  return typeof item === 'string' ? item : (Object.keys(item)[0] ?? '');
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
        .array(z.union([z.string(), RESTRICTED], 'expected an action, or an action with a list of grants'))
        .refine((list) => new Set(list.map(actionIn)).size === list.length, 'expected each action once'),
    }),
  ),
});
