import type { ReactNode } from 'react';
import { act } from '../../api/hooks.ts';
import { ResetUserSecondFactorDocument, type UserLineFragment } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Asks why, and removes the second factor of a user who lost it. */
export function ResetFactorDialog({
  user,
  onClose,
  onDone,
}: {
  readonly user: UserLineFragment;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const form = useForm(user.documentId, { reason: '' }, async ({ reason }) => {
    await act(ResetUserSecondFactorDocument, { user: user.documentId, reason: reason.trim() });
  });
  const isReady = form.values.reason.trim() !== '';
  const save = async () => {
    if (!isReady || !(await form.save())) return;
    onClose();
    onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={users.resetFactorTitle(user.username)}
      onSubmit={() => void save()}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" danger busy={form.busy} disabled={!isReady}>
            {users.resetFactor}
          </Button>
        </>
      }
    >
      <p>{users.resetFactorAbout}</p>
      <TextAreaField
        label={users.resetFactorReason}
        required
        rows={2}
        value={form.values.reason}
        onChange={(reason) => form.set({ reason })}
        fault={form.fault('reason')}
      />
      <FailureNotice failure={form.failure} shownAtFields={['reason']} />
    </Dialog>
  );
}
