/** Something that other memories than the database's may still have as it was. */
export interface Change {
  readonly kind: 'user' | 'role' | 'token' | 'settings';
  /** The rows that were changed, by their numeric ids. */
  readonly ids: readonly number[] | 'all';
}

/**
 * What the database tells of changes of users, roles, permissions, API tokens and settings, whoever made them: triggers
 * tell it when a transaction commits, and each process listens.
 */
export interface ChangeFeed {
  /**
   * `live`: every change is told. `deaf`: the connection does not bring notifications (a pooler that gives each transaction
   * another one), so nothing is ever told. `lost`: there is no connection.
   */
  readonly state: 'live' | 'deaf' | 'lost';
  /** When it was last known that everything had been told: milliseconds of `performance.now()`. */
  readonly provenAt: number;
  /** Whether everything that was committed until `MOST_BEHIND` ago was told. */
  isCurrent(): boolean;
  /** Resolves to whether everything was told that was committed before this call. False where that cannot be known. */
  catchUp(): Promise<boolean>;
  onChange(listener: ChangeListener): void;
  close(): Promise<void>;
}

/** Told each change, and `undefined` when anything may have changed: something was missed. */
export type ChangeListener = (change: Change | undefined) => void;

/** Milliseconds that a process may be behind without knowing it: a line that is dead and does not say so. */
export const MOST_BEHIND = 100;

export const CHANNEL = 'gatehouse_changes';

/** Reads `user 3,17`. What is not understood may mean anything: undefined. */
export function readChange(payload: string): Change | undefined {
  const [, kind, ids] = /^(user|role|token|settings) (\*|\d+(?:,\d+)*)$/.exec(payload) ?? [];
  if (kind === undefined || ids === undefined) return undefined;
  return { kind: kind as Change['kind'], ids: ids === '*' ? 'all' : ids.split(',').map(Number) };
}

/** Of a database that nobody can listen to. */
export const NO_CHANGES: ChangeFeed = {
  state: 'lost',
  provenAt: Number.NEGATIVE_INFINITY,
  isCurrent: () => false,
  catchUp: async () => false,
  onChange: () => {},
  close: async () => {},
};
