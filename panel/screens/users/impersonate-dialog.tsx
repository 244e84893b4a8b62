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
import { Notice } from '../../ui/notice.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { EndImpersonationButton, impersonations } from './impersonations.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

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
  const { users } = useWords();
  const [begun, setBegun] = useState<Begun>();
  const close = () => {
    onClose();
    if (begun) onDone();
  };
  if (begun) return <BegunDialog begun={begun} onClose={close} />;
  return (
    <ReasonDialog
      user={user}
      title={users.impersonateTitle(user.username)}
      about={users.impersonateAbout}
      hint={users.impersonateReason}
      confirm={users.impersonate}
      onClose={close}
      act={async (reason) => {
        const { impersonateUser } = await act(ImpersonateUserDocument, { user: user.documentId, reason });
        if (!impersonateUser) return;
        const { jwt: _, ...one } = impersonateUser;
        impersonations.begin(one);
        setBegun(impersonateUser);
      }}
    />
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
