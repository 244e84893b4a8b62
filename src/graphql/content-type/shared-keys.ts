import type { GeneratedRelation, Models } from '../../database/models.ts';
import { linkOf } from './link.ts';
import { membersOf, type Relation } from './model.ts';

/** The relations of a model whose foreign key has a column that is in the key of another relation, too. */
export function sharedKeysOf(models: Models, model: string): readonly Relation[] {
  const fields = Object.entries(models.byName[model]?.fields ?? {});
  const keyed = fields.filter(([, field]) => field.kind === 'object' && field.from.length > 0);
  const shared = keyed.filter(([, field]) => isShared(keyed, field as GeneratedRelation));
  return membersOf(
    models,
    model,
    shared.map(([name]) => name),
    {},
  ).filter((member) => member.kind === 'relation' && member.link.kind === 'here') as Relation[];
}

function isShared(keyed: readonly (readonly [string, unknown])[], relation: GeneratedRelation): boolean {
  return keyed.some(([, other]) => {
    const { from } = other as GeneratedRelation;
    return other !== relation && from.some((field) => relation.from.includes(field));
  });
}

/** Returns the errors in what can be written: such a key is set where all that shares its columns is seen. */
export function validateSharedKeys(models: Models, model: string, write: readonly string[]): string[] {
  return write.flatMap((name) => {
    const field = models.byName[model]?.fields[name];
    if (field?.kind !== 'object') return [];
    const link = linkOf(models.byName, model, name, field);
    if (link.kind !== 'there') return [];
    const columns = link.pairs.map(({ column }) => column).join();
    const other = sharedKeysOf(models, field.type).find(
      ({ target, link }) =>
        target === model && link.kind === 'here' && link.pairs.map(({ column }) => column).join() === columns,
    );
    if (!other) return [];
    const what = `${model}.${name} sets the key of ${field.type}.${other.name}, which shares a column with another relation`;
    return [`${what}. Leave it out of write, and write ${field.type}.${other.name}`];
  });
}
