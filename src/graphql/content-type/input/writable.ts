import type { Permissions } from '../../../authorization/permissions.ts';
import { type ApiError, forbidden } from '../../../common/errors.ts';
import { actionOf } from '../actions.ts';
import { type ContentSchema, declaredRows, grantsOf, readableBy, targetOf } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Member } from '../model.ts';
import type { CompiledGrant } from '../rules/compiled-grant.ts';
import { type Data, relationsIn } from './input-type.ts';
import { columnsOf, isTouched } from './stamps.ts';

/** Allows to write every row, and every value in it: a permission without restriction. */
export const EVERY_ROW: CompiledGrant = { where: undefined, fields: undefined, check: undefined, set: [] };

/** The grants that can allow a write of this data: those that hold every field that is sent, and set none of them. */
export function grantsToSend(
  schema: ContentSchema,
  type: ContentType,
  verb: 'create' | 'update' | 'delete',
  data: Data,
  permissions: Permissions,
): readonly CompiledGrant[] {
  const grants = grantsOf(schema, type, verb, permissions) ?? [];
  if (grants === 'all') return [EVERY_ROW];
  const sent = sentIn(type, data);
  return grants.filter(({ fields, set }) =>
    sent.every((member) => (!fields || fields.has(member.name)) && !isTouched(member, set)),
  );
}

/**
 * Why data cannot be sent with these permissions, whatever document it is for; undefined if it can.
 *
 * - No single grant holds everything that is sent.
 * - It sets a unique value that the viewer cannot read: the error for a duplicate would tell which values there are.
 * - It names documents of a type that the viewer cannot find.
 * - It sets a relation whose key is in the rows of another type, which are changed by that: it takes `update` of all of them.
 */
export function refusalOfData(
  schema: ContentSchema,
  type: ContentType,
  verb: 'create' | 'update',
  data: Data,
  permissions: Permissions,
): ApiError | undefined {
  if (grantsToSend(schema, type, verb, data, permissions).length === 0) {
    const names = sentIn(type, data).map(({ name }) => name);
    const reason = `None of your permissions covers all of these fields: ${names.join(', ')}`;
    return forbidden(actionOf(type, verb), { reason });
  }
  const readable = readableBy(schema, type, 'find', permissions);
  const isRead = (member: Member) => readable?.when(member.name) !== undefined;
  if (!uniqueTogetherWith(type, data).every(isRead)) return forbidden(actionOf(type, 'find'));
  for (const relation of relationsIn(type, data)) {
    const target = targetOf(schema, relation.target);
    if (!permissions.allows(actionOf(target, 'find'))) return forbidden(actionOf(target, 'find'));
    if (relation.link.kind !== 'there') continue;
    const isWhole = grantsOf(schema, target, 'update', permissions) === 'all' && !declaredRows(target, permissions);
    if (!isWhole) return forbidden(actionOf(target, 'update'));
  }
  return undefined;
}

/** What is sent, null included. */
function sentIn(type: ContentType, data: Data): Member[] {
  return type.write.filter(({ name }) => data[name] !== undefined);
}

/** The members of the unique constraints that the data sets a value of. */
function uniqueTogetherWith(type: ContentType, data: Data): Member[] {
  const set = sentIn(type, data).filter(({ name }) => data[name] !== null);
  const constraints = type.uniqueConstraints.filter((fields) =>
    fields.some(({ column }) => set.some((member) => columnsOf(member).includes(column))),
  );
  const columns = new Set(constraints.flat().map(({ column }) => column));
  return [...set, ...type.read].filter((member) => columnsOf(member).some((column) => columns.has(column)));
}
