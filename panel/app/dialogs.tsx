import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { Failure } from '../api/failure.ts';
import { completeLogIn, logIn, prove } from '../api/log-in.ts';
import { completeLogInWithPasskey, logInWithPasskey, proveWithPasskey } from '../api/passkeys.ts';
import { session } from '../api/session.ts';
import { type ProofKind, stepUp } from '../api/step-up.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { leaveFor, leaving } from '../ui/leave-guard.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { PasskeyButton } from '../ui/passkey-button.tsx';
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
  // Nobody sees it while it closes.
  const kind = asking ? asking.kind : 'password';
  const texts = { password: shell.stepUpText, totp: shell.stepUpCodeText };
  return (
    <ProofDialog
      open={asking !== undefined}
      title={shell.stepUpTitle}
      text={kind ? texts[kind] : shell.stepUpPasskeyText}
      confirm={shell.confirm}
      kind={kind}
      submit={async (value) => {
        if (kind) await prove(kind, value);
        asking?.settle(kind !== undefined);
      }}
      passkey={
        asking?.passkey
          ? async () => {
              await proveWithPasskey();
              asking.settle(true);
            }
          : undefined
      }
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
  const [pending, setPending] = useState<Pick<Failure, 'challenge' | 'methods'>>();
  const challenge = pending?.challenge;
  const takesCode = pending?.methods.some((method) => method !== 'passkey') ?? false;
  return (
    <ProofDialog
      key={challenge}
      open={state.kind === 'ended'}
      title={shell.endedTitle}
      text={
        challenge === undefined ? shell.endedText(email) : takesCode ? entrance.factorAbout : entrance.factorPasskeyOnly
      }
      confirm={entrance.logIn}
      kind={challenge === undefined ? 'password' : takesCode ? 'totp' : undefined}
      submit={async (value) => {
        try {
          await (challenge === undefined ? logIn(email, value) : completeLogIn(challenge, value));
          setPending(undefined);
        } catch (error) {
          if (!(error instanceof Failure) || error.code !== 'SECOND_FACTOR_REQUIRED') throw error;
          setPending(error);
        }
      }}
      passkey={
        challenge === undefined || pending?.methods.includes('passkey')
          ? async () => {
              await (challenge === undefined ? logInWithPasskey() : completeLogInWithPasskey(challenge));
              setPending(undefined);
            }
          : undefined
      }
      onClose={() => leaveFor(() => session.close())}
      closeLabel={shell.somebodyElse}
      held
    />
  );
}

function ProofDialog({
  open,
  title,
  text,
  confirm,
  kind,
  submit,
  passkey,
  onClose,
  closeLabel,
  held = false,
}: {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  /** What is typed; undefined if there is only a passkey. */
  readonly kind: ProofKind | undefined;
  readonly submit: (value: string) => Promise<unknown>;
  /** Proves it by a passkey; undefined if none counts. */
  readonly passkey: (() => Promise<unknown>) | undefined;
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
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
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
      onSubmit={() => void run(kind || !passkey ? () => submit(password) : passkey)}
      foot={
        <>
          <Button onClick={close}>{closeLabel}</Button>
          {kind && (
            <Button type="submit" look="primary" busy={busy}>
              {confirm}
            </Button>
          )}
        </>
      }
    >
      <p>{text}</p>
      {kind && (
        <TextField
          label={kind === 'totp' ? entrance.factor : entrance.password}
          type={kind === 'totp' ? 'text' : 'password'}
          autoComplete={kind === 'totp' ? 'one-time-code' : 'current-password'}
          value={password}
          onChange={setPassword}
        />
      )}
      <FailureNotice failure={failure} />
      {passkey && (
        <div className="row">
          <PasskeyButton only={!kind} busy={busy} onClick={() => void run(passkey)}>
            {entrance.usePasskey}
          </PasskeyButton>
        </div>
      )}
    </Dialog>
  );
}
