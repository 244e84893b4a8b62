import type { Draft } from './changes.ts';
import type { Held, Holding } from './held.ts';

/** What a matrix and a grant editor change: of a role or of a token, and not saved yet. */
export interface Editing {
  /** As it is on the server. */
  readonly base: Holding;
  readonly draft: Draft;
  /** False for who may only read, and for what has no actions of its own. */
  readonly mayChange: boolean;
  held(action: string): Held;
  set(changes: Iterable<readonly [string, Held]>): void;
}
