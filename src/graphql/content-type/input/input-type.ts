import type { InputRef } from '@pothos/core';
import { actionOf, type ContentSchema, targetOf } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Member, Relation } from '../model.ts';

/** The `data` of a create or an update. Absent means untouched, null means emptied. */
export type Data = Readonly<Record<string, unknown>>;

/** The input type of a content type, `PostInput`: the columns and relations it writes, every one of them optional. */
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
    type: member.type as 'String', // checked when the type was declared
    ...(label !== undefined && { description: label }),
  });
}

/**
 * The actions that a create or an update of this data uses beside its own: `find` of each relation it sets, and of the
 * type itself where it sets something that has to be unique. Whoever sets it is told which values are taken.
 */
export function actionsUsedBy(schema: ContentSchema, type: ContentType, data: Data): string[] {
  const related = relationsIn(type, data).map((relation) => actionOf(targetOf(schema, relation.target), 'find'));
  const contested = type.write.some((member) => member.contested && isSet(data[member.name]));
  return contested ? [actionOf(type, 'find'), ...related] : related;
}

/** The relations that the data names. */
export function relationsIn(type: ContentType, data: Data): Relation[] {
  return type.write
    .filter((member) => member.kind === 'relation')
    .filter((relation) => data[relation.name] !== undefined);
}

/** The columns and relations that have to be unique, each by itself, and that the data sets to a value. */
export function uniquesIn(type: ContentType, data: Data): Member[] {
  return type.write.filter((member) => member.unique && isSet(data[member.name]));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
