import type { InputRef } from '@pothos/core';
import type { Permissions } from '../../authorization/permissions.ts';
import type { Fault } from '../../errors.ts';
import { actionOf, type ContentSchema, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { type Column, clientFor, type Member, type Relation } from './model.ts';

/** The `data` of a create or an update. Absent means untouched, null means emptied. */
export type Data = Readonly<Record<string, unknown>>;

/** The input type of a content type, `PostInput`: the columns and relations it writes, every one of them optional. */
export function addInputType({ builder }: ContentSchema, type: ContentType): InputRef<Data> {
  return builder.inputRef<Record<string, unknown>>(`${type.model}Input`).implement({
    fields: (t) => Object.fromEntries(type.write.map((member) => [member.name, inputField(t, member)])),
  });
}

type InputFields = Parameters<
  Parameters<ReturnType<ContentSchema['builder']['inputRef']>['implement']>[0]['fields']
>[0];

function inputField(t: InputFields, member: Member) {
  if (member.kind === 'column') return t.field({ type: member.type as 'String' }); // checked when the type was declared
  return member.many ? t.field({ type: ['ID'], required: { list: false, items: false } }) : t.field({ type: 'ID' });
}

/** The actions that a create or an update of this data uses beside its own: `find` of each relation it sets. */
export function actionsUsedBy(schema: ContentSchema, type: ContentType, data: Data): string[] {
  return relationsIn(type, data).map((relation) => actionOf(targetOf(schema, relation.target), 'find'));
}

/** Turns `data` into what Prisma writes, or says what is wrong with it, all of it at once. */
export async function prepare(
  schema: ContentSchema,
  type: ContentType,
  data: Data,
  options: { readonly creating: boolean; readonly permissions: Permissions },
): Promise<{ readonly faults: readonly Fault[]; readonly values: Record<string, unknown> }> {
  const faults: Fault[] = [];
  const values: Record<string, unknown> = {};
  for (const member of type.write) {
    const value = data[member.name];
    if (isMissing(member, value, options.creating)) {
      faults.push({ path: [member.name], message: `${member.name} must be defined.` });
    } else if (value !== undefined && member.kind === 'column') {
      const fault = columnFault(member, value);
      if (fault) faults.push({ path: [member.name], message: fault });
      else values[member.name] = value;
    }
  }
  for (const relation of relationsIn(type, data)) {
    const linked = await link(schema, relation, data[relation.name], options);
    if (linked.fault) faults.push(linked.fault);
    else if (linked.value !== undefined) values[relation.name] = linked.value;
  }
  return { faults, values };
}

/** As long as a text can be that PostgreSQL keeps in an index, whatever its letters; Strapi's bound, too. */
const LONGEST_UNIQUE = 255;
/** Beyond this a number of eight bytes is written in digits that it is not read back from. */
const LARGEST_FLOAT = 1e308;

function columnFault({ name, type, unique }: Column, value: unknown): string | undefined {
  if (type === 'Float' && typeof value === 'number' && !(Math.abs(value) <= LARGEST_FLOAT))
    return `${name} is out of range`;
  if (type === 'String' && unique && typeof value === 'string' && [...value].length > LONGEST_UNIQUE) {
    return `${name} must be at most ${LONGEST_UNIQUE} characters`;
  }
  return undefined;
}

/** Required and not given, or required and given as null. */
function isMissing(member: Member, value: unknown, creating: boolean): boolean {
  if (member.kind === 'relation')
    return !member.many && member.required && (value === null || (creating && value === undefined));
  if (!member.required) return false;
  return value === null || (creating && value === undefined && !member.hasDefault);
}

function relationsIn(type: ContentType, data: Data): Relation[] {
  return type.write
    .filter((member) => member.kind === 'relation')
    .filter((relation) => data[relation.name] !== undefined);
}

async function link(
  schema: ContentSchema,
  relation: Relation,
  value: unknown,
  { creating, permissions }: { readonly creating: boolean; readonly permissions: Permissions },
): Promise<{ readonly fault?: Fault; readonly value?: object | undefined }> {
  const documentIds = [...new Set(([value].flat() as (string | null)[]).filter((id) => id !== null))];
  if (documentIds.length === 0) return { value: emptied(relation, creating) };

  const target = targetOf(schema, relation.target);
  const rule = permissions.rule(actionOf(target, 'find'));
  const found = await clientFor(schema.prisma, relation.target).findMany({
    select: { id: true, documentId: true },
    where: { AND: [{ documentId: { in: documentIds } }, rule?.where ?? {}] },
  });
  const unknown = documentIds.filter((id) => !found.some((row) => row['documentId'] === id));
  if (unknown.length > 0) {
    const message = `${relation.name} names ${unknown.length === 1 ? 'a document that does' : 'documents that do'} not exist`;
    return { fault: { path: [relation.name], message } };
  }
  const keys = found.map(({ id }) => ({ id }));
  if (!relation.many) return { value: { connect: keys[0] } };
  return { value: creating ? { connect: keys } : { set: keys } };
}

function emptied(relation: Relation, creating: boolean): object | undefined {
  if (creating) return undefined;
  return relation.many ? { set: [] } : { disconnect: true };
}
