import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { logIn, proveByPassword } from '../api/log-in.ts';
import { session } from '../api/session.ts';
import { stepUp } from '../api/step-up.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { leaveFor, leaving } from '../ui/leave-guard.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { useWords } from '../words/words.ts';

/** What can come over any screen, which stays as it is. */
export function Dialogs(): ReactNode {
  return (
    <>
      <LeaveDialog />
      <StepUpDialog />
      <EndedDialog />
    </>
  );
}

function LeaveDialog(): ReactNode {
  const { shell } = useWords();
  const asking = useSyncExternalStore(leaving.subscribe, leaving.get);
  return (
    <Dialog
      open={asking !== undefined}
      onClose={() => asking?.stay()}
      title={shell.leaveTitle}
      foot={
        <>
          <Button danger onClick={() => asking?.leave()}>
            {shell.leave}
          </Button>
          <Button look="primary" onClick={() => asking?.stay()}>
            {shell.stay}
          </Button>
        </>
      }
    >
      <p>{shell.leaveText}</p>
    </Dialog>
  );
}

function StepUpDialog(): ReactNode {
  const { shell, common } = useWords();
  const asking = useSyncExternalStore(stepUp.subscribe, stepUp.get);
  return (
    <PasswordDialog
      open={asking !== undefined}
      title={shell.stepUpTitle}
      text={shell.stepUpText}
      confirm={shell.confirm}
      submit={async (password) => {
        await proveByPassword(password);
        asking?.settle(true);
      }}
      onClose={() => asking?.settle(false)}
      closeLabel={common.cancel}
    />
  );
}

/** The session ended over a page that is in use: it can be opened again, and what was typed stays. */
function EndedDialog(): ReactNode {
  const { shell, entrance } = useWords();
  const state = useSyncExternalStore(session.subscribe, session.get);
  const email = state.kind === 'ended' ? state.me.email : '';
  return (
    <PasswordDialog
      open={state.kind === 'ended'}
      title={shell.endedTitle}
      text={shell.endedText(email)}
      confirm={entrance.logIn}
      submit={(password) => logIn(email, password)}
      onClose={() => leaveFor(() => session.close())}
      closeLabel={shell.somebodyElse}
      held
    />
  );
}

function PasswordDialog({
  open,
  title,
  text,
  confirm,
  submit,
  onClose,
  closeLabel,
  held = false,
}: {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly submit: (password: string) => Promise<unknown>;
  readonly onClose: () => void;
  readonly closeLabel: string;
  readonly held?: boolean;
}): ReactNode {
  const { entrance } = useWords();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const finish = () => {
    setPassword('');
    setFailure(undefined);
  };
  const run = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await submit(password);
      finish();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    finish();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      sticky
      held={held}
      title={title}
      onSubmit={run}
      foot={
        <>
          <Button onClick={close}>{closeLabel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <TextField
        label={entrance.password}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <FailureNotice failure={failure} />
    </Dialog>
  );
}
