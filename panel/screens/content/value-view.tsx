import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { ButtonLink, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';
import { useLanguage, useWords } from '../../words/words.ts';
import { askOne, fieldBack, totalOf } from './content-data.ts';
import { type ContentField, type ContentType, type Related, type Row, targetOf, titleOf } from './content-type.ts';
import { documentAddress } from './document-address.ts';
import { shortened } from './text.ts';
import { pickOf } from './values.ts';

/** What a document has in a field, as text: whatever it holds, it is never read as anything else. */
export function ValueView({
  field,
  row,
  type,
  types,
  whole = false,
}: {
  readonly field: ContentField;
  readonly row: Row;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  /** All of it, as on a page of its own; else what fits into a cell. */
  readonly whole?: boolean;
}): ReactNode {
  const words = useWords();
  const language = useLanguage();
  const value = row[field.name];
  if (field.kind === 'RELATION_TO_MANY') return <ToMany field={field} row={row} type={type} types={types} />;
  if (value === null || value === undefined || value === '') {
    return (
      <span className="soft">
        <span aria-hidden="true">–</span>
        <span className="visually-hidden">{words.content.emptyValue}</span>
      </span>
    );
  }
  switch (field.kind) {
    case 'RELATION_TO_ONE':
      return <RelatedLink target={field.type} related={value as Related} types={types} />;
    case 'BOOLEAN':
      return (
        <Badge {...(value === true && { kind: 'good' as const })}>{value ? words.common.yes : words.common.no}</Badge>
      );
    case 'ENUM':
      return <Badge kind="accent">{String(value)}</Badge>;
    case 'DATE_TIME':
      return (
        <span className="nowrap">
          <Time at={String(value)} relative={!whole} />
        </span>
      );
    case 'DATE':
      return <span className="nowrap">{dayIn(String(value), language)}</span>;
    case 'INTEGER':
    case 'DECIMAL':
      return Number(value).toLocaleString(language, { maximumFractionDigits: 20 });
    case 'BIG_INTEGER':
    case 'EXACT_DECIMAL':
      return <span className="nowrap">{String(value)}</span>;
    case 'JSON':
      return <Code text={JSON.stringify(value, undefined, whole ? 2 : undefined)} whole={whole} />;
    case 'LIST':
      return <Code text={(value as readonly unknown[]).map(textOf).join(', ')} whole={whole} />;
    case 'BYTES':
      return <Code text={String(value)} whole={false} />;
    case 'ID':
      return <code className="breaks">{shortened(String(value))}</code>;
    default:
      return whole ? (
        <span className="content-text" dir="auto">
          {String(value)}
        </span>
      ) : (
        <span className="clip" dir="auto">
          {shortened(String(value), 160)}
        </span>
      );
  }
}

function Code({ text, whole }: { readonly text: string; readonly whole: boolean }): ReactNode {
  return whole ? (
    <span className="content-text" dir="auto">
      {text}
    </span>
  ) : (
    <span className="clip" dir="auto">
      {shortened(text, 160)}
    </span>
  );
}

/** A database can also have days such as `infinity`, which are shown as they are. */
function dayIn(day: string, language: string): string {
  const time = new Date(day);
  return Number.isNaN(time.getTime())
    ? day
    : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(time);
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A link to a related document, and a look at it from here. */
export function RelatedLink({
  target: name,
  related,
  types,
}: {
  readonly target: string;
  readonly related: Related;
  readonly types: readonly ContentType[];
}): ReactNode {
  const words = useWords();
  const [isOpen, setOpen] = useState(false);
  const target = targetOf(types, name);
  const label = shortened(pickOf(related).label, 80);
  const contentType = types.find((one) => one.name === name);
  if (!target) return <code className="breaks">{label}</code>;
  return (
    <span className="content-related">
      <Link to={documentAddress(target.name, related.documentId)} dir="auto">
        {label}
      </Link>
      {contentType && (
        <>
          <IconButton label={words.content.peek(label)} icon="eye" small onClick={() => setOpen(true)} />
          {isOpen && (
            <Peek type={contentType} types={types} documentId={related.documentId} onClose={() => setOpen(false)} />
          )}
        </>
      )}
    </span>
  );
}

/** The number of related documents; where their type can be filtered by this one, a link to them. */
function ToMany({
  field,
  row,
  type,
  types,
}: {
  readonly field: ContentField;
  readonly row: Row;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
}): ReactNode {
  const words = useWords();
  const total = totalOf(row, field.name);
  const text = words.content.related(total);
  const back = fieldBack(type, types, field.name);
  const target = targetOf(types, field.type);
  if (total === 0 || !back || !target) return text;
  return (
    <Link
      to={`${target.path}?f.${back}.in=${encodeURIComponent(row.documentId)}`}
      aria-label={`${field.label}: ${text}`}
    >
      {text}
    </Link>
  );
}

/** All that can be read of a document. */
export function DocumentFacts({
  row,
  type,
  types,
  fields,
}: {
  readonly row: Row;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly fields: readonly ContentField[];
}): ReactNode {
  return (
    <dl className="facts">
      {fields.map((field) => (
        <div key={field.name} className="content-fact">
          <dt>{field.label}</dt>
          <dd>
            <ValueView field={field} row={row} type={type} types={types} whole />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A look at a document over the page one is on. */
export function Peek({
  type,
  types,
  documentId,
  onClose,
}: {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly documentId: string;
  readonly onClose: () => void;
}): ReactNode {
  const words = useWords();
  const [row, setRow] = useState<Row | null>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let isCurrent = true;
    askOne(type, types, documentId).then(
      (found) => isCurrent && setRow(found),
      (error: unknown) => isCurrent && setFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [type, types, documentId]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={<span dir="auto">{row ? shortened(titleOf(type, row)) : type.label}</span>}
      shape="drawer"
      foot={
        <ButtonLink look="primary" to={documentAddress(type.name, documentId)}>
          {words.content.openPage}
        </ButtonLink>
      }
    >
      <FailureNotice failure={failure} />
      {row === undefined && failure === undefined && <Loading />}
      {row === null && <Empty title={words.content.noDocument} />}
      {row && (
        <DocumentFacts row={row} type={type} types={types} fields={type.fields.filter(({ readable }) => readable)} />
      )}
    </Dialog>
  );
}
