import { type ReactNode, useEffect, useState } from 'react';
import { Failure } from '../../api/failure.ts';
import { ask } from '../../api/hooks.ts';
import {
  type MailPurpose,
  type MailTemplateInput,
  PreviewMailDocument,
  type PreviewMailQuery,
} from '../../generated/graphql.ts';
import { FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { HtmlFrame } from './html-frame.tsx';

type Preview = NonNullable<PreviewMailQuery['previewMailTemplate']>;

/** Milliseconds after the last key. */
const PAUSE = 400;

/** How the words look as a mail. While they have a fault, the last preview stays, and the fault is said. */
export function MailPreview({
  purpose,
  words: typed,
}: {
  readonly purpose: MailPurpose;
  readonly words: MailTemplateInput;
}): ReactNode {
  const { mails } = useWords();
  const [preview, setPreview] = useState<Preview>();
  const [failure, setFailure] = useState<unknown>();
  const { subject, text, html } = typed;
  const [isFirst, setFirst] = useState(true);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      async () => {
        try {
          const { previewMailTemplate } = await ask(PreviewMailDocument, { purpose, words: { subject, text, html } });
          if (!isCurrent) return;
          setPreview(previewMailTemplate ?? undefined);
          setFailure(undefined);
        } catch (error) {
          if (isCurrent) setFailure(error);
        }
        if (isCurrent) setFirst(false);
      },
      isFirst ? 0 : PAUSE,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [purpose, subject, text, html, isFirst]);
  const isFault = failure instanceof Failure && failure.faults.length > 0;
  return (
    <Section title={mails.preview} about={mails.previewAbout}>
      {isFault ? (
        <Notice kind="warn" role="status">
          {failure.faults.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
          <p>{mails.previewOld}</p>
        </Notice>
      ) : (
        <FailureNotice failure={failure} />
      )}
      {!preview && failure === undefined && <Loading />}
      {preview && (
        <>
          <dl className="facts">
            <dt>{mails.subject}</dt>
            <dd>
              <strong>{preview.subject}</strong>
            </dd>
          </dl>
          <h3>{mails.html}</h3>
          <HtmlFrame html={preview.html} title={mails.htmlPreview} />
          <h3>{mails.text}</h3>
          <pre className="code mail-text">{preview.text}</pre>
        </>
      )}
    </Section>
  );
}
