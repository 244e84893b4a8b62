import { canonical, type Grant, MAX_GRANTS } from '../../../authorization/grants.ts';
import type { Fault } from '../../../common/errors.ts';
import type { ContentType, Verb } from '../content-type.ts';
import { validateColumn } from '../input/validate-column.ts';
import type { Column, Relation } from '../model.ts';
import { readableWith } from '../readable.ts';
import type { CompiledGrant, SetValue } from './compiled-grant.ts';
import { type ReadFor, readCondition, readValue } from './read-condition.ts';
import type { RuleModels } from './rule-models.ts';
import { readVariable, Variable } from './variables.ts';

/** What a grant can say of each kind of action. */
const KEYS: Readonly<Record<Verb, readonly (keyof Grant)[]>> = {
  find: ['where', 'fields'],
  findOne: ['where', 'fields'],
  create: ['fields', 'set', 'check'],
  update: ['where', 'fields', 'set', 'check'],
  delete: ['where'],
};

/** The characters of all grants of one permission. */
const MAX_SIZE = 64 * 1024;

interface Reading {
  readonly models: RuleModels;
  readonly type: ContentType;
  readonly verb: Verb;
  readonly holder: ReadFor;
}

/** Reads all grants of one permission: each by itself, and what they mean together. */
export function readGrants(
  reading: Reading,
  grants: readonly Grant[],
): { readonly compiled: readonly CompiledGrant[]; readonly faults: readonly Fault[] } {
  if (grants.length === 0) return refused([], 'grants must have at least one grant: take the action away instead');
  if (grants.length > MAX_GRANTS) return refused([], `a permission can have at most ${MAX_GRANTS} grants`);
  if (canonical(grants).length > MAX_SIZE) return refused([], `grants can have at most ${MAX_SIZE} characters`);
  const read = grants.map((grant, index) => readGrant(reading, grant, [index]));
  const faults = [...read.flatMap((one) => one.faults), ...grants.flatMap(faultsOfEmpty)];
  if (faults.length > 0) return { compiled: [], faults };
  const compiled = read.flatMap(({ compiled }) => compiled ?? []);
  return { compiled, faults: reading.verb.startsWith('find') ? faultsOfRequired(reading.type, compiled) : [] };
}

/** A grant that says nothing allows everything. That is said by a permission without grants. */
function faultsOfEmpty(grant: Grant, index: number): Fault[] {
  if (typeof grant !== 'object' || grant === null || Object.keys(grant).length > 0) return [];
  return [{ path: [index], message: 'a grant that is empty would allow everything: leave out all grants for that' }];
}

function refused(path: Fault['path'], message: string) {
  return { compiled: [], faults: [{ path, message }] };
}

/** A cell of a required column cannot be null in some rows: no answer could have it. */
function faultsOfRequired(type: ContentType, grants: readonly CompiledGrant[]): Fault[] {
  const readable = readableWith(type, grants, undefined);
  return type.read.flatMap((member) => {
    const when = readable.when(member.name);
    if (member.kind === 'relation' || !member.required || when === undefined || when === 'always') return [];
    const message = `${member.name} is required: give it in every grant or in none`;
    return grants.flatMap(({ fields }, index) =>
      fields?.has(member.name) === false ? [{ path: [index, 'fields'], message }] : [],
    );
  });
}

/** A name as somebody wrote it, or whatever stands in its place. */
function shown(name: unknown): string {
  return (typeof name === 'string' ? name : JSON.stringify(name)).slice(0, 64);
}

/** Reads one grant. `path` is where its faults are. */
export function readGrant(
  { models, type, verb, holder }: Reading,
  grant: Grant,
  path: Fault['path'],
): { readonly compiled: CompiledGrant | undefined; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const fault = (path: Fault['path'], message: string): undefined => {
    if (faults.length < 20) faults.push({ path, message });
    return undefined;
  };
  if (typeof grant !== 'object' || grant === null || Array.isArray(grant)) {
    return { compiled: undefined, faults: [{ path, message: 'a grant is an object of where, fields, check and set' }] };
  }
  const allowed = KEYS[verb];
  for (const key of Object.keys(grant)) {
    const known: readonly string[] = allowed;
    if (!known.includes(key)) {
      const name = key.length > 64 ? `${key.slice(0, 64)}…` : key;
      fault([...path, name], `${name} means nothing for ${type.actions}.${verb}, which takes ${allowed.join(', ')}`);
    }
  }

  function condition(key: 'where' | 'check') {
    const input = grant[key];
    if (input === undefined) return undefined;
    const read = readCondition(models, type.model, input, { path: [...path, key], holder });
    faults.push(...read.faults);
    return read.filter;
  }

  function fields(): ReadonlySet<string> | undefined {
    const names: unknown = grant.fields;
    if (names === undefined) return undefined;
    const here = [...path, 'fields'];
    if (!Array.isArray(names)) return fault(here, 'fields must be a list of names');
    const members = verb.startsWith('find') ? type.read : type.write;
    const known = new Set(['documentId', ...members.map(({ name }) => name)]);
    for (const [index, name] of names.entries()) {
      if (known.has(name)) continue;
      const can = verb.startsWith('find') ? 'read' : 'set';
      fault([...here, index], `${shown(name)} is not a column or relation of ${type.name} that clients can ${can}`);
    }
    return new Set(names as string[]); // each was found among the members
  }

  function set(): SetValue[] {
    const values: unknown = grant.set;
    if (values === undefined) return [];
    const here = [...path, 'set'];
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      fault(here, 'set must be an object of names and values');
      return [];
    }
    return Object.entries(values).flatMap(([name, value]) => {
      const read = setValue(name, value, [...here, name]);
      if (grant.fields?.includes(name)) fault([...here, name], `${name} is set by the server: leave it out of fields`);
      return read ? [read] : [];
    });
  }

  function setValue(name: string, value: unknown, here: Fault['path']): SetValue | undefined {
    const member = models.get(type.model)?.members.get(name);
    if (!member || name === 'id' || name === 'documentId') {
      return fault(here, `${type.model} has no column or relation ${name.slice(0, 64)} that can be set`);
    }
    if (value === null) {
      if (member.required) return fault(here, `${name} is required: it cannot be null`);
      return member.kind === 'column' ? { member, value } : setRelation(member, value, here);
    }
    return member.kind === 'column' ? setColumn(member, value, here) : setRelation(member, value, here);
  }

  function setColumn(member: Column, value: unknown, here: Fault['path']): SetValue | undefined {
    const key = [...(models.get(type.model)?.members.values() ?? [])].find(
      (one) =>
        one.kind === 'relation' &&
        one.link.kind === 'here' &&
        one.link.pairs.length === 1 &&
        one.link.pairs[0].field === member.name,
    );
    if (key) return fault(here, `${member.name} is the key of ${key.name}: set that`);
    const read = member.list ? setList(member, value, here) : readValue(member, value, { path: here, holder, fault });
    if (read === undefined) return undefined;
    const rules = type.write.find(({ name }) => name === member.name);
    const invalid = rules?.kind === 'column' && !(read instanceof Variable) ? validateColumn(rules, read) : undefined;
    return invalid === undefined ? { member, value: read } : fault(here, invalid);
  }

  function setList(member: Column, values: unknown, here: Fault['path']): unknown {
    if (!Array.isArray(values)) return fault(here, `${member.name} is a list: it takes a list of values`);
    const read = values.map((one, index) => readValue(member, one, { path: [...here, index], holder, fault }));
    if (read.some((one) => one instanceof Variable))
      return fault(here, `${member.name} is a list: it takes no variables`);
    return read.includes(undefined) ? undefined : read;
  }

  function setRelation(member: Relation, value: unknown, here: Fault['path']): SetValue | undefined {
    if (member.link.kind !== 'here')
      return fault(here, `${member.name} has its key in another table: it cannot be set`);
    if (value === null) return { member, key: null };
    const read = typeof value === 'string' ? readVariable(value) : undefined;
    if (read === undefined || read instanceof Variable) {
      return fault(here, `${member.name} is a relation: it takes $user, a documentId or null`);
    }
    if (read !== 'user') {
      const target = models.get(member.target);
      if (!target?.documentId) return fault(here, `${member.target} has no documentId to name`);
      const { model, table, rowKey, documentId } = target;
      return { member, documentId: read.text, target: { model, table, rowKey }, column: documentId };
    }
    if (holder === 'public' || holder === 'token') {
      const who = holder === 'token' ? 'an API token' : 'who is not logged in';
      return fault(here, `${who} is no user: $user has no value`);
    }
    const [{ references }, ...more] = member.link.pairs;
    if (more.length > 0 || member.target !== 'User' || (references !== 'id' && references !== 'documentId')) {
      return fault(here, `${member.name} does not lead to User: $user does not fit`);
    }
    return { member, key: new Variable(`user.${references}`) };
  }

  const where = condition('where');
  const compiled: CompiledGrant = { where, fields: fields(), check: condition('check') ?? where, set: set() };
  return { compiled: faults.length > 0 ? undefined : compiled, faults };
}
