import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { MailTemplatesDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { useWords } from '../../words/words.ts';

/** Every mail that the server sends. */
export default function Mails(): ReactNode {
  const words = useWords();
  const { mails } = words;
  const { data, failure, reload } = useData(MailTemplatesDocument, {});
  const templates = data?.mailTemplates;
  return (
    <Page title={words.shell.mails} about={mails.about}>
      {failure && (
        <div className="row">
          <FailureNotice failure={failure} />
          <Button icon="refresh" onClick={reload}>
            {words.common.retry}
          </Button>
        </div>
      )}
      {data?.serverInfo?.mailServer === false && <Notice kind="warn">{mails.noMailServer}</Notice>}
      {!templates && !failure && <Loading lines={9} />}
      {templates && (
        <Table
          label={words.shell.mails}
          rows={templates}
          idOf={({ purpose }) => purpose}
          nameOf={({ purpose }) => mails.purposes[purpose].title}
          columns={[
            {
              key: 'purpose',
              title: mails.purpose,
              cell: ({ purpose }) => (
                <span className="stack named">
                  <Link to={`/mails/${purpose}`}>{mails.purposes[purpose].title}</Link>
                  <span className="hint">{mails.purposes[purpose].about}</span>
                </span>
              ),
            },
            { key: 'subject', title: mails.subject, cell: ({ subject }) => subject },
            {
              key: 'words',
              title: mails.words,
              cell: ({ isBuiltIn }) =>
                isBuiltIn ? <Badge>{mails.builtIn}</Badge> : <Badge kind="accent">{mails.own}</Badge>,
            },
          ]}
        />
      )}
    </Page>
  );
}
