import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useMayChange } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { Button } from '../../ui/button.tsx';
import { useSearch } from '../../ui/leave-guard.ts';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { askOne } from './content-data.ts';
import { type ContentType, type Row, titleOf } from './content-type.ts';
import { DocumentActions } from './document-actions.tsx';
import { documentAddress } from './document-address.ts';
import { DocumentForm } from './document-form.tsx';
import { listAddress } from './places.ts';
import { shortened } from './text.ts';
import { DocumentFacts } from './value-view.tsx';
import { Walk } from './walk.tsx';

interface EditorProps {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  /** Undefined: a new one, or the document of a single type. */
  readonly documentId: string | undefined;
}

/** A document on a page of its own. It is always read anew: nobody edits what an older answer said. */
export function Editor({ type, types, documentId }: EditorProps): ReactNode {
  const words = useWords();
  const { content } = words;
  const isNew = documentId === undefined && !type.isSingle;
  const from = new URLSearchParams(useSearch()).get('from');
  const source = isNew ? (from ?? undefined) : documentId;
  const [row, setRow] = useState<Row | null | undefined>(isNew && !from ? null : undefined);
  const [failure, setFailure] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const mayWrite = useMayChange() && !type.isReadOnly;

  useEffect(() => {
    if (isNew && source === undefined) return undefined;
    let isCurrent = true;
    setFailure(undefined);
    askOne(type, types, source).then(
      (found) => isCurrent && setRow(found),
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [type, types, source, isNew, attempt]);

  const { visited } = usePreferences();
  const title = row && !isNew ? titleOf(type, row) : undefined;
  const to = type.isSingle ? `/content/${type.name}` : documentAddress(type.name, documentId ?? 'new');
  useEffect(() => {
    if (title !== undefined)
      visited({ title: shortened(type.isSingle ? type.label : title, 80), to, kind: 'document' });
  }, [title, to, type, visited]);

  const askAgain = useCallback(() => askOne(type, types, documentId), [type, types, documentId]);
  const parent = type.isSingle ? undefined : { title: type.pluralLabel, to: listAddress(type.name) };
  const heading = type.isSingle
    ? type.label
    : isNew
      ? content.create(type.label)
      : title === undefined
        ? type.label
        : shortened(title);
  const isMissing = row === null && !isNew && !type.isSingle;
  return (
    <Page
      title={isMissing ? content.noDocument : heading}
      {...(parent && { parent })}
      actions={
        !isNew && (
          <>
            {documentId !== undefined && <Walk type={type} documentId={documentId} />}
            {row && <DocumentActions type={type} row={row} mayWrite={mayWrite} />}
          </>
        )
      }
    >
      <FailureNotice failure={failure} />
      {failure !== undefined && (
        <Button onClick={() => setAttempt((before) => before + 1)}>{words.common.retry}</Button>
      )}
      {row === undefined && failure === undefined && <Loading />}
      {isMissing && (
        <Empty
          title={content.noDocument}
          action={<Link to={listAddress(type.name)}>{content.backToList(type.pluralLabel)}</Link>}
        >
          {content.noDocumentAbout}
        </Empty>
      )}
      {row !== undefined &&
        !isMissing &&
        (mayWrite ? (
          <DocumentForm
            type={type}
            types={types}
            row={isNew ? null : row}
            copied={isNew && row ? row : undefined}
            documentId={documentId}
            askAgain={askAgain}
            onRow={setRow}
          />
        ) : (
          <div className="stack">
            <p className="soft">{type.isReadOnly ? content.typeReadOnly : words.common.readOnly}</p>
            {row ? (
              <div className="card">
                <DocumentFacts
                  row={row}
                  type={type}
                  types={types}
                  fields={type.fields.filter(({ readable }) => readable)}
                />
              </div>
            ) : (
              <Empty title={isNew ? words.common.readOnly : content.noDocument} />
            )}
          </div>
        ))}
    </Page>
  );
}
