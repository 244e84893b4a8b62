import { Document, YAMLMap, YAMLSeq } from 'yaml';
import type { Permission } from '../../authorization/grants.ts';
import type { Rules } from '../../authorization/rules.ts';
import type { RoleRow } from '../roles/find-role.ts';
import { typesOf } from '../roles/role-record.ts';
import { fingerprintOf, sorted } from './fingerprint.ts';

const HEAD = ` Roles and permissions of Gatehouse. Written by: npm run gatehouse -- permissions pull
 What a change of it would do: npm run gatehouse -- permissions plan
 An action that this schema does not have is marked: it allows nothing, and can stay. So is a grant that it cannot read.`;

/** What the schema of the server knows. */
export interface KnownActions {
  readonly known: readonly string[];
  readonly rules: Pick<Rules, 'isValid'>;
}

/** The roles as the text of a file. */
export function formatPermissionsFile(roles: readonly RoleRow[], schema: KnownActions): string {
  const document = new Document({ pulledFrom: fingerprintOf(roles), roles: new YAMLMap() });
  document.commentBefore = HEAD;
  const map = document.get('roles') as YAMLMap; // it was made as one above
  for (const { type, name, description, includes, permissions } of sorted(roles)) {
    const list = new YAMLSeq();
    for (const permission of permissions) list.add(itemOf(document, permission, schema));
    const role = document.createNode({ name, description }) as YAMLMap; // an object makes a map
    if (includes.length > 0) role.set('includes', document.createNode(typesOf(includes)));
    role.set('permissions', list);
    map.set(type, role);
  }
  return document.toString({ lineWidth: 0, indentSeq: true });
}

/** One line: the action, or the action with its grants. */
function itemOf(document: Document, [action, grants]: Permission, { known, rules }: KnownActions) {
  const comment = known.includes(action) ? commentOn(action, grants, rules) : ' not in the schema';
  if (grants === null) {
    const item = document.createNode(action);
    if (comment !== undefined) item.comment = comment;
    return item;
  }
  const item = new YAMLMap();
  item.set(action, new Line(`${flow(grants.map(inOrder))}${comment === undefined ? '' : ` #${comment}`}`));
  return item;
}

/** A list that is written in one line, as people write it: `[{ fields: [title] }]`. The library pads lists, too, or nothing. */
class Line extends YAMLSeq {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.flow = true;
    this.#text = text;
  }

  override toString(): string {
    return this.#text;
  }
}

function flow(value: unknown): string {
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  const entries = [...value].map(([name, inner]) => `${scalar(String(name))}: ${flow(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** Plain where no reader of YAML can take it for something else, and else as in JSON, with no character that is not seen. */
function scalar(text: string): string {
  if (/^[a-z_$][\w$.-]*$/i.test(text) && !RESERVED.test(text)) return text;
  const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, '0');
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (character) =>
    /[\p{C}\p{Z}]/u.test(character) ? `\\u${hex(character)}` : character,
  );
}

/** Words that YAML 1.1 or 1.2 reads as something else than text. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i;

function commentOn(action: string, grants: Permission[1], { isValid }: KnownActions['rules']): string | undefined {
  const invalid = grants?.flatMap((grant, index) => (isValid(action, grant) ? [] : [index + 1])) ?? [];
  if (invalid.length === 0) return undefined;
  return invalid.length === 1
    ? ` grant ${invalid[0]} cannot be read: it allows nothing`
    : ` grants ${invalid.join(', ')} cannot be read: they allow nothing`;
}

/** The keys of a grant in the order in which people say them; the rest, and all that is in them, in alphabetical order. */
const KEYS = ['where', 'fields', 'set', 'check'];

function inOrder(grant: unknown): unknown {
  if (typeof grant !== 'object' || grant === null || Array.isArray(grant)) return sortedKeys(grant);
  const { fields } = grant as { readonly fields?: unknown };
  const isList = Array.isArray(fields) && fields.every((name) => typeof name === 'string');
  const entries = Object.entries({ ...grant, ...(isList && { fields: [...fields].sort() }) });
  const place = ([key]: readonly [string, unknown]) => (KEYS.includes(key) ? KEYS.indexOf(key) : KEYS.length);
  entries.sort((one, other) => place(one) - place(other) || byName(one, other));
  return new Map(entries.map(([key, value]) => [key, sortedKeys(value)]));
}

/** Maps: a name such as `__proto__` is one like any other in them. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(byName);
  return new Map(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
