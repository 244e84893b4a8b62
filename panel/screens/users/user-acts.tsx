import { type ReactNode, useState } from 'react';
import { act, useData } from '../../api/hooks.ts';
import { useContentTypes } from '../../app/content-destinations.ts';
import {
  BlockUserDocument,
  ConfirmUserDocument,
  DeleteUserDocument,
  EndUserSessionsDocument,
  ResetUserSecondFactorDocument,
  SendUserPasswordMailDocument,
  UnblockUserDocument,
  UpdateUserDocument,
  type UserLineFragment,
  UserReferencesDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CancelButton, ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { goTo } from '../../ui/leave-guard.ts';
import { Menu, type MenuEntry, RowMenu } from '../../ui/menu.tsx';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { BlockFields, endOf, NO_BLOCK } from './block-fields.tsx';
import { ImpersonateDialog } from './impersonate-dialog.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { isBlockedNow } from './user-badges.tsx';

type Act = 'impersonate' | 'block' | 'unblock' | 'mail' | 'password' | 'endSessions' | 'resetFactor' | 'delete';

/** What can be done to one user: a menu, and what each entry asks first. */
export function UserActs({
  user,
  large = false,
  onDone,
  onDeleted = onDone,
}: {
  readonly user: UserLineFragment;
  /** With a button that says "Actions", for the page of the user. */
  readonly large?: boolean;
  readonly onDone: () => void;
  readonly onDeleted?: () => void;
}): ReactNode {
  const { users, common } = useWords();
  const [open, setOpen] = useState<Act>();
  const close = () => setOpen(undefined);
  const firstType = useContentTypes()?.find(({ many }) => many);
  const { documentId: id, username: name } = user;
  const done = (text: string, then = onDone) => {
    say(text);
    then();
  };
  const entries: readonly (MenuEntry | 'line')[] = [
    { label: users.sendMail, icon: 'mail', run: () => setOpen('mail') },
    { label: users.setPassword, icon: 'key', run: () => setOpen('password') },
    { label: users.endSessions, icon: 'out', run: () => setOpen('endSessions') },
    { label: users.resetFactor, icon: 'lock', run: () => setOpen('resetFactor') },
    'line',
    ...(firstType
      ? ([
          {
            label: users.seeContent,
            icon: 'content',
            run: () => goTo(`/content/${firstType.name}?as=${id}`),
          },
        ] as const)
      : []),
    {
      label: users.impersonate,
      icon: 'eye',
      disabled: isBlockedNow(user) ? users.notWhileBlocked : undefined,
      run: () => setOpen('impersonate'),
    },
    isBlockedNow(user)
      ? { label: users.unblock, icon: 'check', run: () => setOpen('unblock') }
      : { label: users.doBlock, icon: 'lock', run: () => setOpen('block') },
    'line',
    { label: common.delete, icon: 'trash', danger: true, run: () => setOpen('delete') },
  ];
  return (
    <>
      {large ? (
        <Menu
          label={common.actsOn(name)}
          trigger={
            <Button icon="down" aria-label={common.actsOn(name)}>
              {common.actions}
            </Button>
          }
          entries={entries}
        />
      ) : (
        <RowMenu name={name} entries={entries} />
      )}
      {open === 'block' && <BlockDialog user={user} onClose={close} onDone={() => done(users.blocked(name))} />}
      {open === 'password' && (
        <PasswordDialog user={user} onClose={close} onDone={() => done(users.passwordSet(name))} />
      )}
      {open === 'resetFactor' && (
        <ReasonDialog
          user={user}
          title={users.resetFactorTitle(name)}
          about={users.resetFactorAbout}
          hint={users.resetFactorReason}
          confirm={users.resetFactor}
          danger
          onClose={close}
          act={async (reason) => {
            await act(ResetUserSecondFactorDocument, { user: id, reason });
            close();
            done(users.factorReset(name));
          }}
        />
      )}
      {open === 'impersonate' && <ImpersonateDialog user={user} onClose={close} onDone={onDone} />}
      {open === 'delete' && (
        <DeleteDialog user={user} onClose={close} onDone={() => done(users.deleted(name), onDeleted)} />
      )}
      <ConfirmDialog
        open={open === 'unblock'}
        onClose={close}
        title={users.unblockTitle(name)}
        confirm={users.unblock}
        danger={false}
        act={async () => {
          await act(UnblockUserDocument, { user: id });
          done(users.unblocked(name));
        }}
      >
        <p>{users.unblockAbout}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={open === 'mail'}
        onClose={close}
        title={users.sendMail}
        confirm={users.sendMail}
        danger={false}
        act={async () => {
          await act(SendUserPasswordMailDocument, { user: id });
          done(users.mailSent(user.email));
        }}
      >
        <p>{users.sendMailAbout(user.email)}</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={open === 'endSessions'}
        onClose={close}
        title={users.endSessionsTitle(name)}
        confirm={users.endSessions}
        act={async () => {
          await act(EndUserSessionsDocument, { user: id });
          done(users.sessionsEnded(name));
        }}
      >
        <p>{users.endSessionsAbout}</p>
      </ConfirmDialog>
    </>
  );
}

/** Marks the e-mail as confirmed. */
export function ConfirmEmailButton({ user }: { readonly user: UserLineFragment }): ReactNode {
  const { users } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {users.confirmEmail}
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => setOpen(false)}
        title={users.confirmEmail}
        confirm={users.confirmEmail}
        danger={false}
        act={async () => {
          await act(ConfirmUserDocument, { user: user.documentId });
          say(users.emailConfirmed(user.email));
        }}
      >
        <p>{users.confirmEmailAbout(user.email)}</p>
      </ConfirmDialog>
    </>
  );
}

interface DialogProps {
  readonly user: UserLineFragment;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function BlockDialog({ user, onClose, onDone }: DialogProps): ReactNode {
  const { users } = useWords();
  const form = useForm(user.documentId, NO_BLOCK, async (block) => {
    await act(BlockUserDocument, {
      user: user.documentId,
      reason: block.reason.trim() || null,
      until: endOf(block) ?? null,
    });
  });
  const isReady = endOf(form.values) !== undefined;
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
      title={users.blockTitle(user.username)}
      onSubmit={() => void save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" danger busy={form.busy} disabled={!isReady}>
            {users.doBlock}
          </Button>
        </>
      }
    >
      <p>{users.blockAbout}</p>
      <BlockFields value={form.values} onChange={form.set} fault={form.fault} />
      <FailureNotice failure={form.failure} shownAtFields={['reason', 'until']} />
    </Dialog>
  );
}

function PasswordDialog({ user, onClose, onDone }: DialogProps): ReactNode {
  const { users } = useWords();
  const form = useForm(user.documentId, { password: '' }, async ({ password }) => {
    await act(UpdateUserDocument, { user: user.documentId, data: { password } });
  });
  const save = async () => {
    if (form.values.password === '' || !(await form.save())) return;
    onClose();
    onDone();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      dirty={form.dirty}
      title={users.setPasswordTitle(user.username)}
      onSubmit={() => void save()}
      foot={
        <>
          <CancelButton />
          <Button type="submit" look="primary" busy={form.busy} disabled={form.values.password === ''}>
            {users.setPassword}
          </Button>
        </>
      }
    >
      <p>{users.setPasswordAbout}</p>
      <TextField
        label={users.newPassword}
        type="password"
        required
        autoComplete="new-password"
        value={form.values.password}
        onChange={(password) => form.set({ password })}
        fault={form.fault('password')}
      />
      <FailureNotice failure={form.failure} shownAtFields={['password']} />
    </Dialog>
  );
}

function DeleteDialog({ user, onClose, onDone }: DialogProps): ReactNode {
  const { users, common } = useWords();
  const { data, failure } = useData(UserReferencesDocument, { user: user.documentId });
  const references = data?.references?.filter(({ count }) => count > 0);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={users.deleteTitle(user.username)}
      confirm={common.delete}
      type={user.username}
      act={async () => {
        await act(DeleteUserDocument, { user: user.documentId });
        onDone();
      }}
    >
      <p>{users.deleteAbout}</p>
      <FailureNotice failure={failure} />
      {!data && !failure && <Loading lines={2} />}
      {references && references.length === 0 && <p>{users.nothingHangs}</p>}
      {references && references.length > 0 && (
        <>
          <p>{users.hangs}</p>
          <ul className="bullets">
            {references.map(({ type, field, label, count, onDelete }) => (
              <li key={`${type}.${field}`}>{users.reference[onDelete](count, label)}</li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
