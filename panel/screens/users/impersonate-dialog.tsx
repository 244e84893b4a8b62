import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { BASE } from '../../api/base.ts';
import { act } from '../../api/hooks.ts';
import {
  ImpersonateUserDocument,
  type ImpersonateUserMutation,
  type UserLineFragment,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { EndImpersonationButton, impersonations } from './impersonations.tsx';

type Begun = NonNullable<ImpersonateUserMutation['impersonateUser']>;

/** Asks for the reason, begins to act as a user, and shows the token, once. */
export function ImpersonateDialog({
  user,
  onClose,
  onDone,
}: {
  readonly user: UserLineFragment;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const [begun, setBegun] = useState<Begun>();
  const form = useForm(user.documentId, { reason: '' }, async ({ reason }) => {
    const { impersonateUser } = await act(ImpersonateUserDocument, { user: user.documentId, reason: reason.trim() });
    if (!impersonateUser) return;
    const { jwt: _, ...one } = impersonateUser;
    impersonations.begin(one);
    setBegun(impersonateUser);
  });
  const close = () => {
    onClose();
    if (begun) onDone();
  };
  const isReady = form.values.reason.trim() !== '';
  if (begun) return <BegunDialog begun={begun} onClose={close} />;
  return (
    <Dialog
      open
      onClose={close}
      dirty={form.dirty}
      title={users.impersonateTitle(user.username)}
      onSubmit={() => {
        if (isReady) void form.save();
      }}
      foot={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button type="submit" look="primary" busy={form.busy} disabled={!isReady}>
            {users.impersonate}
          </Button>
        </>
      }
    >
      <p>{users.impersonateAbout}</p>
      <TextAreaField
        label={users.reason}
        hint={users.impersonateReason}
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

function BegunDialog({ begun, onClose }: { readonly begun: Begun; readonly onClose: () => void }): ReactNode {
  const { users, common } = useWords();
  const all = useSyncExternalStore(impersonations.subscribe, impersonations.get);
  const isRunning = all.some(({ documentId }) => documentId === begun.documentId);
  const address = `${location.origin}${BASE.replace(/\/admin$/, '')}/graphql`;
  const example = `curl ${address} -H 'content-type: application/json' -H 'authorization: Bearer ${begun.jwt}' -d '{"query":"{ me { username } }"}'`;
  return (
    <Dialog
      open
      held={isRunning}
      onClose={onClose}
      title={users.actingAsTitle(begun.user.username)}
      foot={
        <>
          {isRunning && <EndImpersonationButton impersonation={begun.documentId} />}
          <Button look="primary" onClick={onClose}>
            {common.close}
          </Button>
        </>
      }
    >
      {isRunning ? (
        <>
          <Notice kind="warn">
            <p>{users.shownOnce}</p>
            <p>
              {users.until} <Time at={begun.expiresAt} relative={false} />. {common.zone(zoneName())}
            </p>
          </Notice>
          <p>{users.howToUse(address)}</p>
          <code className="code secret" data-secret="">
            {begun.jwt}
          </code>
          <div className="row">
            <CopyButton text={begun.jwt} label={users.copyToken} />
            <CopyButton text={example} label={users.copyCurl} />
          </div>
        </>
      ) : (
        <Notice kind="good" role="status">
          {users.impersonationEnded}
        </Notice>
      )}
    </Dialog>
  );
}
