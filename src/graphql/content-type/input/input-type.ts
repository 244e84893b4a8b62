import type { InputRef } from '@pothos/core';
import type { ContentSchema } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Member, Relation } from '../model.ts';

/** The `data` of a create or update. An absent field is left unchanged; null clears it. */
export type Data = Readonly<Record<string, unknown>>;

/** Adds the input type of a content type (`PostInput`): its writable columns and relations, all optional. */
export function addInputType({ builder }: ContentSchema, type: ContentType): InputRef<Data> {
  return builder.inputRef<Record<string, unknown>>(`${type.name}Input`).implement({
    fields: (t) => Object.fromEntries(type.write.map((member) => [member.name, inputField(t, member)])),
  });
}

type InputFields = Parameters<
  Parameters<ReturnType<ContentSchema['builder']['inputRef']>['implement']>[0]['fields']
>[0];

function inputField(t: InputFields, member: Member) {
  if (member.kind === 'relation') {
    return member.many ? t.field({ type: ['ID'], required: { list: false, items: false } }) : t.field({ type: 'ID' });
  }
  const { label } = member.rules;
  return t.field({
    type: (member.list ? [member.type] : member.type) as 'String', // validateDeclaration() checked the type
    ...(label !== undefined && { description: label }),
  });
}

/** The relations set by the data, including those set to null. */
export function relationsIn(type: ContentType, data: Data): Relation[] {
  return type.write
    .filter((member) => member.kind === 'relation')
    .filter((relation) => data[relation.name] !== undefined);
}

/** The columns and relations that are unique on their own and that the data sets to a value. */
export function uniquesIn(type: ContentType, data: Data): Member[] {
  return type.write.filter((member) => member.unique && isSet(data[member.name]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
