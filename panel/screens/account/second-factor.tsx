import { type ReactNode, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { act, useData } from '../../api/hooks.ts';
import {
  ConfirmTotpDocument,
  NewBackupCodesDocument,
  OwnSecondFactorsDocument,
  RemoveTotpDocument,
  StartTotpDocument,
  type StartTotpMutation,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

type Setup = NonNullable<StartTotpMutation['startTotp']>;

/** The app that shows codes, and the backup codes. */
export function SecondFactor(): ReactNode {
  const { account, common } = useWords();
  const { data, failure, reload } = useData(OwnSecondFactorsDocument, {});
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [removing, setRemoving] = useState(false);
  const [refused, setRefused] = useState<unknown>();
  const factors = data?.secondFactors;
  const run = async (work: () => Promise<void>) => {
    setRefused(undefined);
    try {
      await work();
    } catch (error) {
      // Who cancels the proof knows that nothing was done.
      if (!(error instanceof Failure) || error.code !== 'STEP_UP_REQUIRED') setRefused(error);
    }
  };
  const start = () =>
    run(async () => {
      const { startTotp } = await act(StartTotpDocument, {});
      if (startTotp) setSetup(startTotp);
    });
  const replace = () =>
    run(async () => {
      const { newBackupCodes } = await act(NewBackupCodesDocument, {});
      if (newBackupCodes) setCodes(newBackupCodes.codes);
      reload();
    });
  return (
    <Section title={account.factor} about={account.factorAbout}>
      <FailureNotice failure={failure ?? refused} />
      {failure && <Button onClick={reload}>{common.retry}</Button>}
      {!factors && !failure && <Loading lines={2} />}
      {factors && !factors.totpSince && (
        <div className="stack">
          <p>{account.factorNone}</p>
          <div className="row">
            <Button onClick={start}>{account.factorSetUp}</Button>
          </div>
        </div>
      )}
      {factors?.totpSince && (
        <div className="stack">
          <p>
            {account.factorSince} <Time at={factors.totpSince} relative={false} />.{' '}
            {account.codesLeft(factors.backupCodes)}
          </p>
          <div className="row">
            <Button onClick={replace}>{account.codesNew}</Button>
            <Button onClick={start}>{account.factorReplace}</Button>
            <Button danger onClick={() => setRemoving(true)}>
              {account.factorRemove}
            </Button>
          </div>
        </div>
      )}
      <SetupDialog
        key={setup?.secret}
        setup={setup}
        onClose={() => setSetup(undefined)}
        onDone={(made) => {
          setSetup(undefined);
          setCodes(made);
          reload();
        }}
      />
      <CodesDialog codes={codes} onClose={() => setCodes(undefined)} />
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={account.factorRemove}
        confirm={account.factorRemove}
        act={async () => {
          await act(RemoveTotpDocument, {});
          say(account.factorRemoved);
          reload();
        }}
      >
        <p>{account.factorRemoveAbout}</p>
      </ConfirmDialog>
    </Section>
  );
}

function SetupDialog({
  setup,
  onClose,
  onDone,
}: {
  readonly setup: Setup | undefined;
  readonly onClose: () => void;
  readonly onDone: (codes: readonly string[]) => void;
}): ReactNode {
  const { account, common, entrance } = useWords();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { confirmTotp } = await act(ConfirmTotpDocument, { code });
      if (confirmTotp) onDone(confirmTotp.codes);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={setup !== undefined}
      onClose={onClose}
      sticky
      title={account.factorSetUp}
      onSubmit={confirm}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {account.factorConfirm}
          </Button>
        </>
      }
    >
      {setup && (
        <div className="stack">
          <p>{account.factorScan}</p>
          <img
            className="qr"
            width={200}
            height={200}
            alt={account.factorQr}
            src={`data:image/svg+xml,${encodeURIComponent(setup.qrSvg)}`}
          />
          <p>{account.factorSecret}</p>
          <p className="row">
            <code>{setup.secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code>
            <CopyButton text={setup.secret} />
          </p>
          <TextField
            label={entrance.factor}
            hint={account.factorCodeHint}
            autoComplete="one-time-code"
            mono
            value={code}
            onChange={setCode}
            fault={failure instanceof Failure ? failure.at('code') : undefined}
          />
          <FailureNotice failure={failure} shownAtFields={['code']} />
        </div>
      )}
    </Dialog>
  );
}

/** Shown once: only its own button closes it. */
function CodesDialog({
  codes,
  onClose,
}: {
  readonly codes: readonly string[] | undefined;
  readonly onClose: () => void;
}): ReactNode {
  const { account } = useWords();
  return (
    <Dialog
      open={codes !== undefined}
      onClose={onClose}
      held
      title={account.codes}
      foot={
        <Button look="primary" onClick={onClose}>
          {account.codesKept}
        </Button>
      }
    >
      <p>{account.codesAbout}</p>
      <ul className="codes">
        {codes?.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes?.join('\n') ?? ''} />
    </Dialog>
  );
}
