import { type ReactNode, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { act, useData } from '../../api/hooks.ts';
import { addPasskey, hasPasskeys } from '../../api/passkeys.ts';
import {
  OwnPasskeysDocument,
  type OwnPasskeysQuery,
  RemovePasskeyDocument,
  RenamePasskeyDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { deviceOf } from '../../ui/device.ts';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Badge, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';

type Passkey = NonNullable<OwnPasskeysQuery['passkeys']>[number];

/** The passkeys of the administrator. */
export function OwnPasskeys(): ReactNode {
  const { account, common } = useWords();
  const { data, failure, reload } = useData(OwnPasskeysDocument, {});
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  const passkeys = data?.passkeys;
  const done = (text: string) => {
    say(text);
    reload();
  };
  return (
    <Section
      title={account.passkeys}
      about={account.passkeysAbout}
      actions={
        hasPasskeys() && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            {account.passkeyAdd}
          </Button>
        )
      }
    >
      {!hasPasskeys() && <Notice>{account.passkeysUnavailable}</Notice>}
      <FailureNotice failure={failure} />
      {failure && <Button onClick={reload}>{common.retry}</Button>}
      {!passkeys && !failure && <Loading lines={2} />}
      {passkeys?.length === 0 && <p>{account.passkeysNone}</p>}
      {passkeys && passkeys.length > 0 && (
        <Table
          label={account.passkeysAbout}
          rows={passkeys}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          columns={[
            {
              key: 'name',
              title: account.passkeyName,
              cell: ({ name, backedUp }) => (
                <span className="row">
                  {name}
                  {!backedUp && <Badge>{account.passkeyOneDevice}</Badge>}
                </span>
              ),
            },
            { key: 'createdAt', title: account.passkeyMade, cell: ({ createdAt }) => <Time at={createdAt} /> },
            {
              key: 'lastUsedAt',
              title: account.passkeyUsed,
              cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : account.passkeyUnused),
            },
          ]}
          actions={(one) => (
            <span className="row nowrap-row">
              <Button small aria-label={account.passkeyRenameOf(one.name)} onClick={() => setRenaming(one)}>
                {account.passkeyRename}
              </Button>
              <Button small danger aria-label={account.passkeyRemoveOf(one.name)} onClick={() => setRemoving(one)}>
                {account.passkeyRemove}
              </Button>
            </span>
          )}
        />
      )}
      {adding && (
        <NameDialog
          title={account.passkeyAdd}
          confirm={account.passkeyAdd}
          name={deviceOf(navigator.userAgent)}
          onClose={() => setAdding(false)}
          act={async (name) => {
            await addPasskey(name);
            done(account.passkeyAdded);
          }}
        />
      )}
      {renaming && (
        <NameDialog
          title={account.passkeyRename}
          confirm={common.save}
          name={renaming.name}
          onClose={() => setRenaming(undefined)}
          act={async (name) => {
            await act(RenamePasskeyDocument, { id: renaming.id, name });
            done(common.saved);
          }}
        />
      )}
      <ConfirmDialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={account.passkeyRemoveOf(removing?.name ?? '')}
        confirm={account.passkeyRemove}
        act={async () => {
          if (removing) await act(RemovePasskeyDocument, { id: removing.id });
          done(account.passkeyRemoved);
        }}
      >
        <p>{account.passkeyRemoveAbout}</p>
      </ConfirmDialog>
    </Section>
  );
}

function NameDialog({
  title,
  confirm,
  name: before,
  act: run,
  onClose,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly name: string;
  readonly act: (name: string) => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { account, common } = useWords();
  const [name, setName] = useState(before);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await run(name);
      onClose();
    } catch (error) {
      // Somebody who cancels the proof knows that nothing was done.
      if (!(error instanceof Failure) || error.code !== 'STEP_UP_REQUIRED') setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      sticky
      title={title}
      onSubmit={submit}
      foot={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>
            {confirm}
          </Button>
        </>
      }
    >
      <TextField
        label={account.passkeyName}
        hint={account.passkeyNameHint}
        required
        autoComplete="off"
        value={name}
        onChange={setName}
        fault={failure instanceof Failure ? failure.at('name') : undefined}
      />
      <FailureNotice failure={failure} shownAtFields={['name']} />
    </Dialog>
  );
}
