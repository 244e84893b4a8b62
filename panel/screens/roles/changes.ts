import { type Grant, type Held, type Holding, heldIn, isSameHeld } from './held.ts';

/** What somebody changed and did not save yet: what is to be held of some actions. */
export type Draft = ReadonlyMap<string, Held>;

export interface Change {
  readonly action: string;
  readonly from: Held;
  readonly to: Held;
}

/** What a mutation is sent for a draft. */
export interface Sent {
  readonly add: string[];
  readonly remove: string[];
  readonly grants: { readonly action: string; readonly grants: SentGrant[] | null }[];
}

/** A grant as the schema takes it. */
export interface SentGrant {
  readonly where?: unknown;
  readonly fields?: string[];
  readonly check?: unknown;
  readonly set?: unknown;
}

export function sentGrants(grants: readonly Grant[]): SentGrant[] {
  return grants.map(({ where, fields, check, set }) => ({
    ...(where !== undefined && { where }),
    ...(fields !== undefined && { fields: [...fields] }),
    ...(check !== undefined && { check }),
    ...(set !== undefined && { set }),
  }));
}

/** The draft with something changed. What is as it was is no change. */
export function drafted(base: Holding, draft: Draft, changes: Iterable<readonly [string, Held]>): Draft {
  const next = new Map(draft);
  for (const [action, held] of changes) {
    if (isSameHeld(heldIn(base, action), held)) next.delete(action);
    else next.set(action, held);
  }
  return next;
}

/** What is held with the draft. */
export function heldWith(base: Holding, draft: Draft, action: string): Held {
  return draft.get(action) ?? heldIn(base, action);
}

/** The changes, by action in alphabetical order. */
export function changesOf(base: Holding, draft: Draft): Change[] {
  return [...draft]
    .map(([action, to]) => ({ action, from: heldIn(base, action), to }))
    .filter(({ from, to }) => !isSameHeld(from, to))
    .sort((one, other) => (one.action < other.action ? -1 : 1));
}

/** Everything of the draft goes with one mutation, so that it is all of it or nothing. */
export function sentFor(base: Holding, draft: Draft): Sent {
  const sent: Sent = { add: [], remove: [], grants: [] };
  for (const { action, from, to } of changesOf(base, draft)) {
    if (to === 'none') sent.remove.push(action);
    else if (to !== 'all') sent.grants.push({ action, grants: sentGrants(to) });
    else if (from === 'none') sent.add.push(action);
    else sent.grants.push({ action, grants: null });
  }
  return sent;
}

/** One action that somebody else changed while one was at it. */
export interface Conflict {
  readonly action: string;
  /** As it was when one began, as it is now, and as one wants it: undefined where one did not touch it. */
  readonly before: Held;
  readonly now: Held;
  readonly mine: Held | undefined;
}

/** What others changed between two versions, and where one changed the same. */
export function conflictsOf(before: Holding, now: Holding, draft: Draft): Conflict[] {
  const actions = [...new Set([...before.keys(), ...now.keys()])].sort();
  return actions
    .map((action) => ({
      action,
      before: heldIn(before, action),
      now: heldIn(now, action),
      mine: draft.get(action),
    }))
    .filter((one) => !isSameHeld(one.before, one.now));
}

/** The draft over what is there now. `theirs` are the actions for which what others did stays. */
export function resolved(now: Holding, draft: Draft, theirs: ReadonlySet<string>): Draft {
  return drafted(
    now,
    new Map(),
    [...draft].filter(([action]) => !theirs.has(action)),
  );
}
