/** A change of something that processes keep in memory. */
export interface Change {
  readonly kind: 'user' | 'role' | 'token' | 'settings' | 'key';
  /** The numeric ids of the changed rows. */
  readonly ids: readonly number[] | 'all';
}

/**
 * Notifications of changes of users, roles, permissions, API tokens, settings and signing keys. Triggers send them when a transaction
 * commits, and each process listens.
 */
export interface ChangeFeed {
  /**
   * `live`: every change is notified. `unsupported`: the connection does not bring notifications, as a pooler that gives
   * each transaction another connection. `disconnected`: there is no connection.
   */
  readonly state: 'live' | 'unsupported' | 'disconnected';
  /** When it was last certain that no notification was missing: milliseconds of `performance.now()`. */
  readonly provenAt: number;
  /** Whether every change that was committed until `MAX_LAG` ago was notified. */
  isCurrent(): boolean;
  /** Resolves to whether every change that was committed before this call was notified. False where that is not certain. */
  catchUp(): Promise<boolean>;
  onChange(listener: ChangeListener): void;
  close(): Promise<void>;
}

/** Called with each change, and with `undefined` when notifications were missed and anything may have changed. */
export type ChangeListener = (change: Change | undefined) => void;

/** Milliseconds that a process can lag behind without noticing: on a connection that is dead and does not report it. */
export const MAX_LAG = 100;

export const CHANNEL = 'gatehouse_changes';

/** Reads `user 3,17`. Undefined for what is not understood: it may mean anything. */
export function readChange(payload: string): Change | undefined {
  const [, kind, ids] = /^(user|role|token|settings|key) (\*|\d+(?:,\d+)*)$/.exec(payload) ?? [];
  if (kind === undefined || ids === undefined) return undefined;
  // The pattern allows no other.
  return { kind: kind as Change['kind'], ids: ids === '*' ? 'all' : ids.split(',').map(Number) };
}

/** The feed of a database without notifications. */
export const NO_CHANGES: ChangeFeed = {
  state: 'disconnected',
  provenAt: Number.NEGATIVE_INFINITY,
  isCurrent: () => false,
  catchUp: async () => false,
  onChange: () => {},
  close: async () => {},
};
