import type { RuleField, RuleType } from '../../../authorization/rules.ts';
import { operatorsOf as everyOperatorOf } from '../column-types.ts';
import type { ContentType } from '../content-type.ts';
import type { Column, Member, Relation } from '../model.ts';
import type { RuleModels } from './rule-models.ts';

/** What a condition of each model can use, the models by name. `models` are those that conditions can reach. */
export function ruleTypesOf(models: RuleModels, types: readonly ContentType[]): RuleType[] {
  const named = [...models].sort(([one], [other]) => (one < other ? -1 : 1));
  return named.map(([name, { members }]) => {
    // A type that is only related has no actions of its own.
    const type = types.find(({ model, relatedOnly }) => model === name && !relatedOnly);
    return {
      name,
      actions: type?.actions,
      fields: [...members.values()].map((member) => fieldOf(member, type)),
    };
  });
}

function fieldOf(member: Member, type: ContentType | undefined): RuleField {
  const { name, kind } = member;
  const isIn = (members: readonly Member[] | undefined) => members?.some((one) => one.name === name) ?? false;
  const access = { readable: isIn(type?.read), writable: isIn(type?.write) };
  if (member.kind === 'column') {
    const { type, values } = member;
    return {
      name,
      kind,
      type,
      values,
      many: member.list,
      ...access,
      operators: operatorsOf(member),
      variables: variablesOf(member),
    };
  }
  const variables = variablesOfRelation(member);
  return { name, kind, type: member.target, values: undefined, many: member.many, ...access, operators: [], variables };
}

const EQUAL = ['eq', 'ne', 'in', 'notIn'];
const ORDER = ['gt', 'gte', 'lt', 'lte', 'between'];
const TEXT = ['eqi', 'nei', 'contains', 'containsi', 'notContains', 'notContainsi', 'startsWith', 'endsWith'];
const ALWAYS = ['null', 'notNull', 'not'];
/** Scalars with operators of their own. */
const OWN: readonly string[] = ['Decimal', 'Bytes', 'JSON'];

/** Those that make sense: a number contains no text, and an enum has no order. */
function operatorsOf(column: Column): readonly string[] {
  const { type, list, values } = column;
  if (list || OWN.includes(type)) {
    // What takes a list or JSON as one value is written as JSON.
    const left = list ? ['eq', 'ne', 'null'] : type === 'JSON' ? ['eq', 'ne', 'contains', 'null'] : ['null'];
    return [...everyOperatorOf(column).filter((one) => !left.includes(one)), ...ALWAYS];
  }
  if (type === 'Boolean') return ['eq', 'ne', ...ALWAYS];
  if (type === 'String' || type === 'ID') return [...EQUAL, ...TEXT, ...ORDER, ...ALWAYS];
  return values ? [...EQUAL, ...ALWAYS] : [...EQUAL, ...ORDER, ...ALWAYS];
}

/** `$roles` is a list: it goes with `in` and `notIn`. `$now` can have a distance: `$now-7d`. */
function variablesOf({ type }: Column): readonly string[] {
  switch (type) {
    case 'String':
    case 'ID':
      return ['$user.documentId', '$user.username', '$user.email', '$roles'];
    case 'Int':
      return ['$user.id'];
    case 'Boolean':
      return ['$user.confirmed'];
    case 'DateTime':
    case 'Date':
      return ['$now'];
    default:
      return [];
  }
}

function variablesOfRelation({ target }: Relation): readonly string[] {
  return target === 'User' ? ['$user'] : [];
}
