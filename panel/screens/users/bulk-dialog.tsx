import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { UserFiltersInput } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { sentenceOf } from '../../ui/failure-text.ts';
import { TextField } from '../../ui/field.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { type Pick, PickerField } from '../../ui/picker.tsx';
import { useWords } from '../../words/words.ts';
import { type Block, BlockFields, endOf, NO_BLOCK } from './block-fields.tsx';
import { type BulkAct, everyMatch, type Progress, runForAll, type Target } from './bulk.ts';
import { findRoles } from './find-roles.ts';

/** Asks what an act for many needs, does it, shows how far it is, and for whom it failed. */
export function BulkDialog({
  kind,
  count,
  targets,
  asked,
  onClose,
}: {
  readonly kind: BulkAct['kind'];
  readonly count: number;
  /** Undefined: all that match `asked`. */
  readonly targets: readonly Target[] | undefined;
  readonly asked: { readonly search: string | null; readonly filters: UserFiltersInput };
  readonly onClose: (changed: boolean) => void;
}): ReactNode {
  const words = useWords();
  const { users, common } = words;
  const [block, setBlock] = useState<Block>(NO_BLOCK);
  const [role, setRole] = useState<Pick | null>(null);
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<'asking' | 'running' | 'over'>('asking');
  const [all, setAll] = useState<number>();
  const [progress, setProgress] = useState<Progress>({ done: 0, failed: [] });
  const [failure, setFailure] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const word = String(count);
  const what = actOf(kind, { block, role, isTyped: typed.trim() === word });

  const run = async () => {
    if (!what || state !== 'asking') return;
    const controller = new AbortController();
    running.current = controller;
    setState('running');
    setFailure(undefined);
    try {
      const list = targets ?? (await everyMatch(asked, controller.signal));
      setAll(list.length);
      await runForAll(list, what, controller.signal, setProgress);
      setState('over');
    } catch (error) {
      setFailure(error); // the users could not be listed: nothing was done
      setState('asking');
    }
  };
  const finished = progress.done + progress.failed.length;
  return (
    <Dialog
      open
      held={state === 'running'}
      onClose={() => onClose(state === 'over')}
      title={users.bulkTitle[kind](count)}
      dirty={state === 'asking' && (block !== NO_BLOCK || typed !== '')}
      {...(state === 'asking' && { onSubmit: () => void run() })}
      foot={
        state === 'asking' ? (
          <>
            <Button onClick={() => onClose(false)}>{common.cancel}</Button>
            <Button type="submit" look="primary" danger={kind === 'delete'} disabled={!what}>
              {users.bulkRun[kind](count)}
            </Button>
          </>
        ) : state === 'running' ? (
          <Button onClick={() => running.current?.abort()}>{users.stop}</Button>
        ) : (
          <Button look="primary" onClick={() => onClose(true)}>
            {common.close}
          </Button>
        )
      }
    >
      {state === 'asking' && (
        <>
          <p>{users.bulkAbout[kind]}</p>
          {kind === 'block' && <BlockFields value={block} onChange={setBlock} />}
          {(kind === 'addRole' || kind === 'setRole') && (
            <PickerField label={users.role} required find={findRoles} value={role} onChange={setRole} />
          )}
          {kind === 'delete' && (
            <TextField label={common.typeToConfirm(word)} value={typed} onChange={setTyped} autoComplete="off" />
          )}
          <FailureNotice failure={failure} />
        </>
      )}
      {state !== 'asking' && (
        <>
          <p role="status">
            {all === undefined
              ? users.listing
              : state === 'running'
                ? users.progress(finished, all)
                : users.bulkDone(progress.done, all)}
          </p>
          <progress
            className="progress"
            max={all}
            value={all === undefined ? undefined : finished}
            aria-label={users.bulk}
          />
          {state === 'over' && all !== undefined && finished < all && <p>{users.stopped(all - finished)}</p>}
          {progress.failed.length > 0 && (
            <Notice kind="bad" role="alert">
              <p>{users.failedFor(progress.failed.length)}</p>
              <ul className="failed-list">
                {progress.failed.map(({ target, failure: why }) => (
                  <li key={target.id}>
                    <strong>{target.name}</strong>: {sentenceOf(why, words)}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </>
      )}
    </Dialog>
  );
}

/** Undefined while something is missing. */
function actOf(
  kind: BulkAct['kind'],
  { block, role, isTyped }: { readonly block: Block; readonly role: Pick | null; readonly isTyped: boolean },
): BulkAct | undefined {
  switch (kind) {
    case 'block': {
      const until = endOf(block);
      return until === undefined ? undefined : { kind, reason: block.reason.trim(), until };
    }
    case 'addRole':
    case 'setRole':
      return role ? { kind, role: role.id } : undefined;
    case 'delete':
      return isTyped ? { kind } : undefined;
    default:
      return { kind };
  }
}
