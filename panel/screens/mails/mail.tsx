import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { act, useData, useMayChange, useMe } from '../../api/hooks.ts';
import { AlsoOpen } from '../../app/also-open.tsx';
import {
  type MailPurpose,
  MailTemplatesDocument,
  type MailTextsFragment,
  ResetMailTemplateDocument,
  SendTestMailDocument,
} from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Badge, Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { MailEditor } from './editor.tsx';

/** One mail: its words, how they look, a test of them. */
export default function Mail({ purpose }: { readonly purpose: string }): ReactNode {
  const words = useWords();
  const { data, failure, reload } = useData(MailTemplatesDocument, {});
  const template = data?.mailTemplates?.find((one) => one.purpose === purpose);
  if (!data) {
    return (
      <Page title={words.shell.mails}>
        {failure ? (
          <div className="row">
            <FailureNotice failure={failure} />
            <Button icon="refresh" onClick={reload}>
              {words.common.retry}
            </Button>
          </div>
        ) : (
          <Loading />
        )}
      </Page>
    );
  }
  if (!template) {
    return (
      <Page title={words.failures.notFound} parent={{ title: words.shell.mails, to: '/mails' }}>
        <Empty title={words.failures.notFound} action={<Link to="/mails">{words.shell.mails}</Link>} />
      </Page>
    );
  }
  return <MailPage template={template} mailServer={data.serverInfo?.mailServer} />;
}

function MailPage({
  template,
  mailServer,
}: {
  readonly template: MailTextsFragment;
  readonly mailServer: boolean | undefined;
}): ReactNode {
  const words = useWords();
  const { mails } = words;
  const mayChange = useMayChange();
  const { purpose, isBuiltIn } = template;
  const { title, about } = mails.purposes[purpose];
  const [dirty, setDirty] = useState(false);
  const [isRestoring, setRestoring] = useState(false);
  return (
    <Page
      title={title}
      about={about}
      parent={{ title: words.shell.mails, to: '/mails' }}
      badge={isBuiltIn ? <Badge>{mails.builtIn}</Badge> : <Badge kind="accent">{mails.own}</Badge>}
      actions={
        mayChange && (
          <>
            {!isBuiltIn && <Button onClick={() => setRestoring(true)}>{mails.restore}</Button>}
            <TestMail purpose={purpose} dirty={dirty} />
          </>
        )
      }
    >
      <AlsoOpen form={`/mails/${purpose}`} changed={dirty} />
      {!mayChange && <Notice>{words.common.readOnly}</Notice>}
      {mailServer === false && <Notice kind="warn">{mails.noMailServer}</Notice>}
      <MailEditor template={template} mayChange={mayChange} onDirty={setDirty} />
      <ConfirmDialog
        open={isRestoring}
        onClose={() => setRestoring(false)}
        title={mails.restoreTitle}
        confirm={mails.restore}
        act={async () => {
          await act(ResetMailTemplateDocument, { purpose });
          say(mails.restored);
        }}
      >
        <p>{mails.restoreAbout}</p>
      </ConfirmDialog>
    </Page>
  );
}

/** Sends the words that are saved, to the administrator. Why it failed stays in view. */
function TestMail({ purpose, dirty }: { readonly purpose: MailPurpose; readonly dirty: boolean }): ReactNode {
  const { mails } = useWords();
  const { email } = useMe();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const send = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const { sendTestMail } = await act(SendTestMailDocument, { purpose });
      say(mails.sent(sendTestMail?.to ?? email));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack tight">
      <Button icon="mail" onClick={send} busy={busy}>
        {mails.test}
      </Button>
      <span className="hint">{dirty ? mails.testSaved : mails.testTo(email)}</span>
      <FailureNotice failure={failure} />
    </div>
  );
}
