import type { Viewer } from '../../../authentication/viewer.ts';
import type { HookTools } from '../../../common/hook-runner.ts';
import type { TransactionOfApp } from '../../../register.ts';
import type { ColumnOf, ModelTypes, RelationOf } from '../model.ts';

/**
 * Functions that take part in the writes of one content type.
 *
 * Those before a write can change its data or refuse it: an ApiError is for the client, anything else is masked and logged. Those
 * after it run in the background, once for each write that happened. Permissions stay as they are: the client can send what its
 * grants hold, what a grant sets replaces what a hook sets, and conditions and checks are asked of the result.
 */
export interface ContentHooks<Model extends ModelTypes> {
  /** Before the data is validated. Assign to `data` to change it. */
  beforeCreate?(data: HookData<Model>, context: HookContext): void | Promise<void>;
  /** The same for an update of a document that the viewer can update as it is. Also before the first update of a single type. */
  beforeUpdate?(data: HookData<Model>, context: DocumentHookContext): void | Promise<void>;
  /** For a document that the viewer can delete. */
  beforeDelete?(context: DocumentHookContext): void | Promise<void>;
  /** With what was sent, and what `beforeCreate` made of it. */
  afterCreate?(data: Readonly<HookData<Model>>, context: DocumentHookContext): void | Promise<void>;
  afterUpdate?(data: Readonly<HookData<Model>>, context: DocumentHookContext): void | Promise<void>;
  afterDelete?(context: DocumentHookContext): void | Promise<void>;
}

/**
 * The data of a write. A hook can set every column of the model except its keys, also one that clients cannot write, and a relation
 * by its column: `ownerId`. Relations are as they were sent, by documentId.
 */
export type HookData<Model extends ModelTypes> = {
  [Name in Exclude<ColumnOf<Model>, Key>]?: Model['Shape'][Name & keyof Model['Shape']] | null | undefined;
} & { readonly [Name in RelationOf<Model>]?: string | null | readonly (string | null)[] | undefined };

type Key = 'id' | 'documentId';

/** What hooks work with. */
export interface HookContext extends HookTools {
  readonly viewer: Viewer;
  /** Before a write that is one of several in a transaction: the client of that transaction. */
  readonly prisma: TransactionOfApp;
  readonly requestId: string;
  /** From the hook before a write to that after it. */
  readonly state: Record<string, unknown>;
}

/** The same, for one document. */
export interface DocumentHookContext extends HookContext {
  /** Empty before the first update of a single type, which creates its document. */
  readonly documentId: string;
}
