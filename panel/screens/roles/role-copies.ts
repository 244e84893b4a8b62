import { useEffect, useRef, useState } from 'react';
import { act, ask } from '../../api/hooks.ts';
import {
  PreviewPermissionsDocument,
  type PreviewPermissionsQuery,
  RoleDocument,
  SetPermissionsDocument,
} from '../../generated/graphql.ts';
import type { Pick as Picked } from '../../ui/picker.tsx';
import { type Draft, drafted, type Sent, sentFor } from './changes.ts';
import { type Holding, heldIn, holdingOf } from './held.ts';

/** What is copied from a role. */
export interface Source {
  readonly documentId: string;
  readonly name: string;
  readonly held: Holding;
  /** These actions only; undefined for all permissions of the role. */
  readonly actions: readonly string[] | undefined;
}

/** What a copy changes of one role, and the version of the role that this was said of. */
export interface Plan {
  readonly version: number;
  readonly sent: Sent;
  /** Null where nothing changes. */
  readonly preview: NonNullable<PreviewPermissionsQuery['previewPermissions']> | null;
}

/** A role that is copied to: neither a plan nor a failure while the server is asked. */
export interface Copy {
  readonly role: Picked;
  readonly plan?: Plan;
  /** Why there is no plan. */
  readonly failure?: unknown;
  /** Why it was not saved before. */
  readonly refusal?: unknown;
}

/**
 * The permissions of the role that is copied, as changes of another one.
 *
 * @param exact also takes away what the other one has and this one does not.
 */
export function copiedTo(target: Holding, { held, actions }: Pick<Source, 'held' | 'actions'>, exact: boolean): Draft {
  const wanted = actions ?? [...held.keys(), ...(exact ? target.keys() : [])];
  return drafted(
    target,
    new Map(),
    wanted.map((action) => [action, heldIn(held, action)] as const),
  );
}

export interface Copies {
  readonly copies: readonly Copy[];
  /** Saves each role by itself, one after the other. Returns those that were saved. */
  save(): Promise<readonly Picked[]>;
}

/** What a copy would change of each of some roles, as the server says it. */
export function useCopies(source: Source, targets: readonly Picked[], exact: boolean): Copies {
  const [known, setKnown] = useState<ReadonlyMap<string, Omit<Copy, 'role'>>>(new Map());
  const asked = useRef(new Set<string>());
  const keyOf = ({ id }: Picked) => `${id} ${exact}`;
  const keep = (role: Picked, answer: Omit<Copy, 'role'>) =>
    setKnown((before) => new Map(before).set(keyOf(role), answer));
  const askFor = (role: Picked, refusal?: unknown) =>
    planFor(source, role, exact).then(
      (plan) => keep(role, { plan, refusal }),
      (failure: unknown) => keep(role, { failure, refusal }),
    );
  const forget = (role: Picked) => {
    asked.current.delete(keyOf(role));
    setKnown((before) => new Map([...before].filter(([key]) => key !== keyOf(role))));
  };
  useEffect(() => {
    for (const role of targets) {
      if (asked.current.has(keyOf(role))) continue;
      asked.current.add(keyOf(role));
      void askFor(role);
    }
  });
  const copies = targets.map((role): Copy => ({ role, ...known.get(keyOf(role)) }));
  return {
    copies,
    async save() {
      const saved: Picked[] = [];
      for (const { role, plan } of copies) {
        if (!plan) continue;
        try {
          if (plan.preview) await act(SetPermissionsDocument, { role: role.id, version: plan.version, ...plan.sent });
          saved.push(role);
          forget(role);
        } catch (refusal) {
          // Perhaps somebody else changed it: what would change now is shown before it can be saved again.
          await askFor(role, refusal);
        }
      }
      return saved;
    },
  };
}

async function planFor(source: Source, { id }: Picked, exact: boolean): Promise<Plan> {
  const { role } = await ask(RoleDocument, { role: id });
  if (!role) throw new Error('The role is gone'); // it is no longer found, and shown as an unexpected failure
  const target = holdingOf(role.permissions, role.grants);
  const draft = copiedTo(target, source, exact);
  const sent = sentFor(target, draft);
  if (draft.size === 0) return { version: role.version, sent, preview: null };
  const { previewPermissions } = await ask(PreviewPermissionsDocument, { role: id, ...sent });
  if (!previewPermissions) throw new Error('There is no preview'); // nothing is saved that was not shown
  return { version: role.version, sent, preview: previewPermissions };
}
