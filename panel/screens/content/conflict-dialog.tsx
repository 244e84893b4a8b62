import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Badge } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';
import type { ContentField, ContentType, Row } from './content-type.ts';
import { ValueView } from './value-view.tsx';

/** What to do where somebody else saved the document in between. */
export type Choice = 'mine' | 'theirs' | 'stay';

export interface Conflict {
  /** What they changed. */
  readonly fields: readonly ContentField[];
  readonly before: Row;
  readonly now: Row;
  /** The names of the fields that would be written. */
  readonly sent: readonly string[];
  readonly settle: (choice: Choice) => void;
}

/** Shows what somebody else changed, and asks before it is overwritten. */
export function ConflictDialog({
  conflict: { fields, before, now, sent, settle },
  type,
  types,
}: {
  readonly conflict: Conflict;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
}): ReactNode {
  const { content } = useWords();
  return (
    <Dialog
      open
      dirty
      onClose={() => settle('stay')}
      title={content.conflictTitle}
      shape="wide"
      foot={
        <>
          <Button onClick={() => settle('theirs')}>{content.takeTheirs}</Button>
          <Button danger onClick={() => settle('mine')}>
            {content.overwrite}
          </Button>
          <Button look="primary" onClick={() => settle('stay')}>
            {content.keepEditing}
          </Button>
        </>
      }
    >
      <p>{content.conflictAbout}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by the arrow keys */}
      <section className="table-frame" tabIndex={0} aria-label={content.conflictTitle}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{content.field}</th>
              <th scope="col">{content.before}</th>
              <th scope="col">{content.theirs}</th>
              <th scope="col">{content.yours}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name}>
                <th scope="row">{field.label}</th>
                <td>
                  <ValueView field={field} row={before} type={type} types={types} />
                </td>
                <td>
                  <ValueView field={field} row={now} type={type} types={types} />
                </td>
                <td>
                  {sent.includes(field.name) ? (
                    <Badge kind="warn">{content.changedByYou}</Badge>
                  ) : (
                    <Badge>{content.unchangedByYou}</Badge>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Dialog>
  );
}
