import type { Models } from '../../../database/models.ts';
import type { ContentType } from '../content-type.ts';
import { documentIdOf } from '../document-id-column.ts';
import type { Filter } from '../filter.ts';
import { keyOf } from '../key.ts';
import { type Column, fieldsOf, type Member, membersOf, rowKeyOf, type Table, tableOf } from '../model.ts';

/** A model as conditions of rules see it: every column and relation, whether clients can read it or not. */
export interface RuleModel extends Table {
  readonly members: ReadonlyMap<string, Member>;
  /** A condition that its rows must match for everybody, as its content type declares it. */
  readonly where: Filter | undefined;
  /** Undefined for a model whose rows no documentId can name. */
  readonly documentId: Column | undefined;
}

/** The models that conditions can reach, by name. */
export type RuleModels = ReadonlyMap<string, RuleModel>;

/** Of our own models a rule can reach what says who somebody is, and nothing that lets somebody in. */
const REACHABLE: Readonly<Record<string, readonly string[]>> = {
  User: ['id', 'documentId', 'username', 'email', 'confirmed', 'blocked', 'role'],
  Role: ['type'],
};

/** Our own models, of prisma/schema/gatehouse.prisma. All others are the project's. */
export const OWN_MODELS: readonly string[] = [
  'User',
  'UserRole',
  'Session',
  'Identifier',
  'Identity',
  'LoginProvider',
  'LoginCode',
  'TotpSecret',
  'BackupCode',
  'Passkey',
  'PasskeyChallenge',
  'LoginChallenge',
  'MailedCode',
  'Invitation',
  'KnownDevice',
  'DisownCode',
  'UsedConfirmation',
  'Attempt',
  'LoginRefusals',
  'Role',
  'RoleInclude',
  'Permission',
  'MailTemplate',
  'OutboxEntry',
  'Settings',
  'Admin',
  'AdminSession',
  'AdminCode',
  'ApiToken',
  'ApiTokenPermission',
  'AuditEntry',
  'AuditHead',
  'Lock',
  'OpenForm',
  'SigningKey',
];

/** `declared`: the conditions of content types, by model. `types`: what the documentIds of those that have a content type are. */
export function ruleModelsOf(
  models: Models,
  declared: ReadonlyMap<string, Filter> = new Map(),
  types: readonly ContentType[] = [],
): RuleModels {
  const names = Object.keys(models.byName).filter((name) => !OWN_MODELS.includes(name) || REACHABLE[name]);
  return new Map(
    names.map((model) => [
      model,
      {
        ...{ model, table: tableOf(models, model), members: membersFor(models, model), where: declared.get(model) },
        ...identityOf(models, model, types),
      },
    ]),
  );
}

function identityOf(
  models: Models,
  model: string,
  types: readonly ContentType[],
): Pick<RuleModel, 'rowKey' | 'documentId'> {
  const type = types.find((one) => one.model === model);
  if (type) return { rowKey: type.rowKey, documentId: type.documentId };
  try {
    const key = keyOf(models, model);
    return { rowKey: rowKeyOf(models, model, key), documentId: documentIdOf(models, model, key) };
  } catch {
    return { rowKey: [], documentId: undefined };
  }
}

function membersFor(models: Models, model: string): ReadonlyMap<string, Member> {
  const own = OWN_MODELS.includes(model);
  const names = Object.keys(fieldsOf(models, model) ?? {}).filter((name) => !own || REACHABLE[model]?.includes(name));
  const members = names.flatMap((name) => supported(models, model, name));
  return new Map(
    members.filter((member) => member.kind === 'column' || isReachable(member.target)).map((one) => [one.name, one]),
  );
}

function isReachable(model: string): boolean {
  return !OWN_MODELS.includes(model) || REACHABLE[model] !== undefined;
}

/** Left out: a column of a type that filters do not know (Json, BigInt, a list). */
function supported(models: Models, model: string, name: string): readonly Member[] {
  try {
    return membersOf(models, model, [name], {});
  } catch {
    return [];
  }
}
