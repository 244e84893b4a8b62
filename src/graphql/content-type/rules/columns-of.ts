import type { Grant } from '../../../authorization/grants.ts';
import type { RuleColumn } from '../../../authorization/rules.ts';
import type { Member } from '../model.ts';
import type { RuleModel, RuleModels } from './rule-models.ts';

/** Comparisons that an index can answer: of the others, it makes no difference whether there is one. */
const INDEXED: readonly string[] = ['eq', 'gt', 'gte', 'lt', 'lte', 'in', 'between', 'startsWith', 'null'];

/**
 * The columns of the rows that grants allow, as their conditions name them: those that an index would help to find. What does not
 * read is passed over.
 */
export function columnsIn(models: RuleModels, model: string, grants: readonly Grant[]): RuleColumn[] {
  const found = new Map<string, RuleColumn>();

  function add({ model }: RuleModel, member: string, { table: { schema, table } }: RuleModel, column: string): void {
    const name = `${model}.${member}`;
    found.set(name, { name, schema, table, column });
  }

  function ofModel(type: RuleModel | undefined, input: unknown): void {
    if (!type || !isObject(input)) return;
    for (const [key, value] of Object.entries(input)) {
      if (key === 'and' || key === 'or') for (const inner of [value].flat()) ofModel(type, inner);
      else if (key === 'not') ofModel(type, value);
      else ofMember(type, type.members.get(key), value);
    }
  }

  function ofMember(type: RuleModel, member: Member | undefined, value: unknown): void {
    if (member?.kind === 'column') {
      const operators = isObject(value) ? Object.keys(value) : ['null'];
      if (operators.some((operator) => INDEXED.includes(operator))) add(type, member.name, type, member.column);
    }
    if (member?.kind !== 'relation') return;
    const target = models.get(member.target);
    const { link } = member;
    if (link.kind === 'here') for (const { column } of link.pairs) add(type, member.name, type, column);
    if (link.kind === 'there' && target) for (const { column } of link.pairs) add(type, member.name, target, column);
    ofModel(target, value);
  }

  for (const grant of grants) if (isObject(grant)) ofModel(models.get(model), grant['where']);
  return [...found.values()];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
