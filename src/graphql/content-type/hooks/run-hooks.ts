import { isDeepStrictEqual } from 'node:util';
import { copyOf } from '../../../common/copy-of.ts';
import type { HookTools } from '../../../common/hook-runner.ts';
import type { Context } from '../../context.ts';
import { assignedValue } from '../column-values.ts';
import type { ContentSchema } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import type { Assigned, Columns } from '../input/assignments.ts';
import type { Data } from '../input/input-type.ts';
import { validateColumn } from '../input/validate-column.ts';
import type { AnyModelTypes, Column } from '../model.ts';
import type { ContentHooks, HookContext, HookData } from './hooks.ts';

/** What hooks made of the data of a write. */
export interface HookedData {
  /** By the names of fields that clients can write. */
  readonly data: Data;
  /** Columns that hooks set, and clients cannot write under this name. */
  readonly hooked: Columns | undefined;
  /** The same by the names of the columns, as the hook set them. */
  readonly others?: Data;
}

type Name = keyof ContentHooks<AnyModelTypes>;

/** A write as its hooks see it. */
interface HookedWrite {
  readonly schema: ContentSchema;
  readonly type: ContentType;
  /** Columns that a field of the project sets, by name. Hooks find them in the data. */
  readonly set?: Data | undefined;
}

/** The hooks of one write. All of them share the `state` of their context. */
export interface WriteHooks {
  has(name: Name): boolean;
  beforeCreate(data: Data): Promise<HookedData>;
  beforeUpdate(documentId: string, data: Data): Promise<HookedData>;
  beforeDelete(documentId: string): Promise<void>;
  afterCreate(documentId: string, written: HookedData): void;
  afterUpdate(documentId: string, written: HookedData): void;
  afterDelete(documentId: string): void;
}

const NONE: WriteHooks = {
  has: () => false,
  beforeCreate: async (data) => ({ data, hooked: undefined }),
  beforeUpdate: async (_documentId, data) => ({ data, hooked: undefined }),
  beforeDelete: async () => {},
  afterCreate: () => {},
  afterUpdate: () => {},
  afterDelete: () => {},
};

export function beginHooks({ schema, type, set }: HookedWrite, { viewer, requestId, deadline }: Context): WriteHooks {
  if (!type.hooks && !set) return NONE;
  const { hooks = {} } = type;
  const { hooks: runner, prisma, transaction = prisma } = schema;
  const state = {};
  const common = { viewer, requestId, state };
  const before = (tools: HookTools): HookContext => ({ ...tools, ...common, prisma: transaction });
  const after = (tools: HookTools): HookContext => ({ ...tools, ...common, prisma });
  const called = (name: Name) => ({ name: `${name} of ${type.name}`, requestId });

  async function changing(
    name: 'beforeCreate' | 'beforeUpdate',
    sent: Data,
    call: (data: HookData<AnyModelTypes>, tools: HookTools) => void | Promise<void>,
  ): Promise<HookedData> {
    if (!hooks[name] && !set) return { data: sent, hooked: undefined };
    // A copy: a variable of the operation can be the data of several writes, and what the hook changes is compared with what was sent.
    const data = copyOf({ ...sent, ...set });
    if (!hooks[name]) return changesOf(type, name, sent, data);
    return runner.now(called(name), deadline, async (tools) => {
      await call(data as HookData<AnyModelTypes>, tools);
      return changesOf(type, name, sent, data);
    });
  }

  return {
    has: (name) => hooks[name] !== undefined,
    beforeCreate: (sent) => changing('beforeCreate', sent, (data, tools) => hooks.beforeCreate?.(data, before(tools))),
    beforeUpdate: (documentId, sent) =>
      changing('beforeUpdate', sent, (data, tools) => hooks.beforeUpdate?.(data, { ...before(tools), documentId })),
    async beforeDelete(documentId) {
      await runner.now(called('beforeDelete'), deadline, (tools) =>
        hooks.beforeDelete?.({ ...before(tools), documentId }),
      );
    },
    afterCreate(documentId, written) {
      if (!hooks.afterCreate) return;
      const data = wholeOf(written);
      runner.later(called('afterCreate'), (tools) => hooks.afterCreate?.(data, { ...after(tools), documentId }));
    },
    afterUpdate(documentId, written) {
      if (!hooks.afterUpdate) return;
      const data = wholeOf(written);
      runner.later(called('afterUpdate'), (tools) => hooks.afterUpdate?.(data, { ...after(tools), documentId }));
    },
    afterDelete(documentId) {
      if (!hooks.afterDelete) return;
      runner.later(called('afterDelete'), (tools) => hooks.afterDelete?.({ ...after(tools), documentId }));
    },
  };
}

/**
 * Sorts what a hook left into what a client could have sent, which is validated as such, and other columns.
 *
 * @throws Error for what a hook cannot set, and for a value that a column without a name for clients cannot have.
 */
function changesOf(type: ContentType, hook: Name, sent: Data, data: Data): HookedData {
  const columns = settableIn(type, hook);
  const hooked = new Map<string, Assigned>();
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const writable = type.write.find((member) => member.name === name);
    if (writable?.kind === 'column') continue;
    if (writable) {
      if (isDeepStrictEqual(value, sent[name])) continue;
      throw new Error(`${name} of ${type.model} is a relation. A hook sets its column`);
    }
    const column = columns.get(name);
    if (!column) throw new Error(`${type.model} has no column ${name} that a hook can set`);
    if (value === undefined) continue;
    // Clients do not know this column, so its error is not theirs.
    const fault = validateColumn(column, value);
    if (fault !== undefined) throw new Error(fault);
    hooked.set(column.column, assignedValue(column, value));
    others[name] = value;
  }
  const removed = type.write.find(
    ({ kind, name }) => kind === 'relation' && sent[name] !== undefined && !(name in data),
  );
  if (removed) throw new Error(`${removed.name} of ${type.model} is a relation. A hook cannot remove it`);
  const named = Object.entries(data).filter(([name]) => type.write.some((member) => member.name === name));
  return { data: Object.fromEntries(named), hooked, others };
}

/** Not the keys of a document that is there: they say which one it is, to permissions and to other rows. */
function settableIn({ settable: all, rowKey, key }: ContentType, hook: Name): ReadonlyMap<string, Column> {
  const keys = [...rowKey, ...key.parts.map(({ column }) => column)];
  const settable = [...all.values()].filter(({ column }) => hook === 'beforeCreate' || !keys.includes(column));
  return new Map(settable.map((column) => [column.name, column]));
}

function wholeOf({ data, others }: HookedData): Readonly<HookData<AnyModelTypes>> {
  return { ...data, ...others } as HookData<AnyModelTypes>;
}
