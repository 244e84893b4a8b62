import type { JsonProblem } from '../bounded-json.ts';
import { isData, isFieldName, isRelation, isRowId, isUid } from '../shapes.ts';
import type { StrapiData, StrapiLinkEnd, StrapiRecord } from '../source.ts';

/** The folders of an archive whose files have a record in each line. */
export const FOLDERS = ['schemas', 'entities', 'links', 'configuration'] as const;

export type Folder = (typeof FOLDERS)[number];

/** What a line of an archive says; undefined for what no import needs. */
export function recordOf(
  folder: Folder,
  value: unknown,
): { readonly record: StrapiRecord | undefined } | { readonly problem: JsonProblem } {
  if (!isData(value)) return { problem: 'is not an object' };
  switch (folder) {
    case 'schemas':
      return isUid(value['uid'])
        ? { record: { kind: 'schema', uid: value['uid'], schema: value } }
        : { problem: 'is not a schema: it has no uid' };
    case 'entities':
      return entity(value);
    case 'links':
      return link(value);
    case 'configuration':
      return setting(value);
  }
}

/** Strapi keeps its own administrators and tokens out of an export. One that is in it was put there by somebody else. */
const OF_ITS_PANEL = /^admin::/;

function entity({ type, id, data }: StrapiData): ReturnType<typeof recordOf> {
  if (!isUid(type)) return { problem: 'is not a row: it has no type' };
  if (!isRowId(id)) return { problem: 'is not a row: its id is missing, or is not a positive whole number' };
  if (!isData(data)) return { problem: 'is not a row: its data is not an object' };
  return { record: OF_ITS_PANEL.test(type) ? undefined : { kind: 'entity', type, id, data } };
}

function setting({ type, value }: StrapiData): ReturnType<typeof recordOf> {
  if (type !== 'core-store') return { record: undefined }; // a webhook
  if (!isData(value) || typeof value['key'] !== 'string' || value['key'].length > 512)
    return { problem: 'is not a setting: it has no key' };
  return { record: { kind: 'setting', key: value['key'], value: value['value'] } };
}

function link({ kind, relation, left, right }: StrapiData): ReturnType<typeof recordOf> {
  if (!isData(left) || !isData(right)) return { problem: 'is not a link: it does not have two ends' };
  if (!isUid(left['type']) || !isFieldName(left['field']))
    return { problem: 'is not a link: its left end has no type or field' };
  if (kind === 'relation.basic' || (kind === 'relation.circular' && left['field'] !== LOCALIZATIONS)) {
    const ends = { left: end(left), right: end(right) };
    if (!ends.left || !ends.right || !isRelation(relation))
      return { problem: 'is not a link: its relation is unknown, or one of its ends does not refer to a row' };
    return { record: { kind: 'link', relation, left: ends.left, right: ends.right } };
  }
  const leftOut = kind === 'relation.circular' ? 'circular' : kind === 'relation.morph' ? 'morph' : 'other';
  // The upload plugin owns the links of media. The field that holds the picture is at their other end.
  const owner = left['type'] === UPLOAD ? right : left;
  const { type, field } = isUid(owner['type']) && isFieldName(owner['field']) ? owner : left;
  return isUid(type) && isFieldName(field)
    ? { record: { kind: 'leftOutLink', link: leftOut, type, field } }
    : { problem: 'is not a link: it has no type or field' };
}

/** Strapi makes these of `documentId`, in version 4 of a table of its own. */
const LOCALIZATIONS = 'localizations';
const UPLOAD = 'plugin::upload.file';

function end({ type, field, ref, pos }: StrapiData): StrapiLinkEnd | undefined {
  if (!isUid(type) || !isRowId(ref)) return;
  return {
    type,
    field: isFieldName(field) ? field : undefined,
    ref,
    position: typeof pos === 'number' && Number.isFinite(pos) ? pos : undefined,
  };
}
