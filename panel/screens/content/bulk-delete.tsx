import { type ReactNode, useRef, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';
import { askPicks, type ListVariables } from './content-data.ts';
import type { ContentType } from './content-type.ts';
import { deleteOne } from './delete-dialog.tsx';
import { shortened } from './text.ts';
import { pickOf } from './values.ts';

/** How many can be deleted at once, and from how many on it is confirmed by typing their number. */
const MOST = 5_000;
const TYPED_FROM = 20;
/** Requests under way at a time. */
const AT_ONCE = 4;

/** The documents by documentId with their titles, or all that a list finds. */
export type Chosen = ReadonlyMap<string, string> | { readonly variables: ListVariables; readonly total: number };

interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: readonly { readonly title: string; readonly reason: string }[];
  readonly isOver: boolean;
}

/** Deletes several documents one by one, and says how far it is and what could not be deleted. */
export function BulkDelete({
  type,
  chosen,
  onClose,
}: {
  readonly type: ContentType;
  readonly chosen: Chosen;
  /** With how many were deleted. */
  readonly onClose: (deleted: number) => void;
}): ReactNode {
  const words = useWords();
  const { content } = words;
  const count = 'total' in chosen ? chosen.total : chosen.size;
  const [typed, setTyped] = useState('');
  const [progress, setProgress] = useState<Progress>();
  const [failure, setFailure] = useState<unknown>();
  const stopped = useRef(false);
  const isReady = count < TYPED_FROM || typed.trim() === String(count);
  const deleted = progress ? progress.done - progress.failed.length : 0;
  const close = () => {
    stopped.current = true;
    onClose(deleted);
  };
  const run = async () => {
    if (!isReady || count > MOST || progress) return;
    setFailure(undefined);
    setProgress({ done: 0, total: count, failed: [], isOver: false });
    let documents: readonly (readonly [string, string])[];
    try {
      documents = 'total' in chosen ? await allOf(type, chosen.variables, stopped) : [...chosen];
    } catch (error) {
      setFailure(error);
      setProgress(undefined);
      return;
    }
    const queue = [...documents];
    const failed: { title: string; reason: string }[] = [];
    let done = 0;
    const report = (isOver: boolean) => setProgress({ done, total: documents.length, failed: [...failed], isOver });
    const work = async () => {
      for (let next = queue.shift(); next && !stopped.current; next = queue.shift()) {
        const [documentId, title] = next;
        try {
          await deleteOne(type, documentId);
        } catch (error) {
          failed.push({
            title,
            reason: error instanceof Failure && error.message ? error.message : words.failures.server,
          });
        }
        done++;
        report(false);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    report(true);
  };
  const isRunning = progress !== undefined && !progress.isOver;
  return (
    <Dialog
      open
      onClose={isRunning ? () => {} : close}
      title={content.deleteMany(count, type.label, type.pluralLabel)}
      dirty
      onSubmit={() => void run()}
      foot={
        progress?.isOver ? (
          <Button look="primary" onClick={close}>
            {words.common.close}
          </Button>
        ) : isRunning ? (
          <Button
            onClick={() => {
              stopped.current = true;
            }}
          >
            {content.stop}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{words.common.cancel}</Button>
            <Button type="submit" look="primary" danger disabled={!isReady || count > MOST}>
              {words.common.delete}
            </Button>
          </>
        )
      }
    >
      {!progress && (
        <>
          <p>{content.deleteManyAbout}</p>
          {count > MOST && <Notice kind="warn">{content.tooMany(MOST)}</Notice>}
          {count >= TYPED_FROM && count <= MOST && (
            <TextField
              label={words.common.typeToConfirm(String(count))}
              value={typed}
              onChange={setTyped}
              inputMode="numeric"
              autoComplete="off"
            />
          )}
        </>
      )}
      {progress && (
        <div className="stack" aria-live="polite">
          <progress
            className="progress"
            value={progress.done}
            max={Math.max(1, progress.total)}
            aria-label={content.deleting(progress.done, progress.total)}
          />
          <p>{progress.isOver ? content.deletedSome(deleted) : content.deleting(progress.done, progress.total)}</p>
          {progress.failed.length > 0 && (
            <Notice kind="bad">
              <p>{content.notDeleted(progress.failed.length)}</p>
              <ul>
                {progress.failed.slice(0, 50).map(({ title, reason }, index) => (
                  <li key={index}>
                    <bdi>{shortened(title, 80)}</bdi>: {reason}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </div>
      )}
      <FailureNotice failure={failure} />
    </Dialog>
  );
}

/** All documents that a list finds. They are known before the first one is deleted, so that none is skipped. */
async function allOf(
  { name, many, filters, title, search }: ContentType,
  { pagination: _, sort: __, ...narrowed }: ListVariables,
  stopped: { readonly current: boolean },
): Promise<readonly (readonly [string, string])[]> {
  const found = new Map<string, string>();
  if (!many || !filters) return [];
  const target = { name, many, filters, title, hasSearch: search.length > 0 };
  for (let start = 0; !stopped.current && found.size < MOST; ) {
    const page = await askPicks(target, { ...narrowed, sort: ['documentId'], pagination: { start, limit: -1 } });
    for (const { id, label } of page.map(pickOf)) found.set(id, label);
    if (page.length === 0) break;
    start += page.length;
  }
  return [...found];
}
