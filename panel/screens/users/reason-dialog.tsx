import type { ReactNode } from 'react';
import type { UserLineFragment } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Asks why, before something is done to a user. */
export function ReasonDialog({
  user,
  title,
  about,
  hint,
  confirm,
  danger = false,
  act,
  onClose,
}: {
  readonly user: UserLineFragment;
  readonly title: string;
  readonly about: string;
  readonly hint: string;
  /** The text of its button: what it does. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** What it does. When it fails, the dialog shows why. */
  readonly act: (reason: string) => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { users } = useWords();
  const form = useForm(user.documentId, { reason: '' }, ({ reason }) => act(reason.trim()));
  const isReady = form.values.reason.trim() !== '';
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={title}
      onSubmit={() => {
        if (isReady) void form.save();
      }}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" danger={danger} busy={form.busy} disabled={!isReady}>
            {confirm}
          </Button>
        </>
      }
    >
      <p>{about}</p>
      <TextAreaField
        label={users.reason}
        hint={hint}
        required
        maxLength={500}
        value={form.values.reason}
        onChange={(reason) => form.set({ reason })}
        fault={form.fault('reason')}
      />
      <FailureNotice failure={form.failure} shownAtFields={['reason']} />
    </Dialog>
  );
}
