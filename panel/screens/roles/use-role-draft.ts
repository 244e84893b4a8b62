import { useMemo, useRef, useState } from 'react';
import { act, useMayChange } from '../../api/hooks.ts';
import { type EditedRoleFragment, SetPermissionsDocument } from '../../generated/graphql.ts';
import { useLeaveGuard } from '../../ui/leave-guard.ts';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { type Conflict, conflictsOf, type Draft, drafted, heldWith, resolved, sentFor } from './changes.ts';
import type { Editing } from './editing.ts';
import { holdingOf } from './held.ts';

export interface RoleDraft extends Editing {
  readonly role: EditedRoleFragment;
  readonly count: number;
  readonly busy: boolean;
  readonly failure: unknown;
  /** What others changed since this draft was begun. While there is something, nothing can be saved. */
  readonly conflicts: readonly Conflict[];
  /** Goes on from what is there now. For `theirs`, what others did stays. */
  resolve(theirs: ReadonlySet<string>): void;
  discard(): void;
  save(): Promise<void>;
}

const NOTHING: Draft = new Map();

/** What somebody changes of the permissions of a role, in the matrix and in the editors of its actions, until it is saved. */
export function useRoleDraft(role: EditedRoleFragment, reload: () => void): RoleDraft {
  const { common } = useWords();
  const mayChange = useMayChange();
  const [state, setState] = useState({ began: role, draft: NOTHING });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const running = useRef(false);
  let { began, draft } = state;
  const now = useMemo(() => holdingOf(role.permissions, role.grants), [role]);
  let base = useMemo(() => holdingOf(began.permissions, began.grants), [began]);
  let conflicts: readonly Conflict[] = useMemo(
    () => (role.version > began.version ? conflictsOf(base, now, draft) : []),
    [role.version, began.version, base, now, draft],
  );
  if (role.version > began.version && (draft.size === 0 || conflicts.length === 0)) {
    // Nothing of it is in doubt, so one goes on from what is there now.
    draft = resolved(now, draft, new Set());
    [began, base, conflicts] = [role, now, []];
    setState({ began, draft });
  }
  const guard = useLeaveGuard(draft.size > 0, `/roles/${role.documentId}`);
  return {
    role,
    base,
    draft,
    mayChange,
    count: draft.size,
    busy,
    failure,
    conflicts,
    held: (action) => heldWith(base, draft, action),
    set(changes) {
      const wanted = [...changes];
      setState((before) => ({
        ...before,
        draft: drafted(holdingOf(before.began.permissions, before.began.grants), before.draft, wanted),
      }));
    },
    resolve(theirs) {
      setFailure(undefined);
      setState({ began: role, draft: resolved(now, draft, theirs) });
    },
    discard() {
      setFailure(undefined);
      setState({ began: role, draft: NOTHING });
    },
    async save() {
      if (running.current || draft.size === 0 || conflicts.length > 0) return;
      running.current = true;
      setBusy(true);
      setFailure(undefined);
      try {
        const { setPermissions } = await guard.without(() =>
          act(SetPermissionsDocument, {
            role: role.documentId,
            version: began.version,
            ...sentFor(base, draft),
          }),
        );
        setState((before) => ({ began: setPermissions ?? before.began, draft: NOTHING }));
        say(common.saved);
      } catch (error) {
        setFailure(error);
        reload(); // perhaps somebody else changed it: then the two stand side by side
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
  };
}
