import { Fragment, type ReactNode, useMemo } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { useWords } from '../../words/words.ts';
import { differenceOfLines, type Line } from './line-diff.ts';

/** What an event changed, field by field. Values are shown as text, whatever they are. */
export function Changes({ before, after }: { readonly before: unknown; readonly after: unknown }): ReactNode {
  const { audit } = useWords();
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  if (names.length === 0) return <p className="soft">{audit.noChanges}</p>;
  return (
    <dl className="changes">
      {names.map((name) => (
        <Fragment key={name}>
          <dt className="mono">{name}</dt>
          <dd>
            <Change
              before={Object.hasOwn(old, name) ? old[name] : undefined}
              after={Object.hasOwn(young, name) ? young[name] : undefined}
            />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Change({ before, after }: { readonly before: unknown; readonly after: unknown }): ReactNode {
  const [old, young] = [textOf(before), textOf(after)];
  const isLong = (text: string | undefined) => text !== undefined && (text.includes('\n') || text.length > 120);
  if (old !== undefined && young !== undefined && (isLong(old) || isLong(young))) {
    return <LongChange before={old} after={young} />;
  }
  return (
    <div className="change">
      {old !== undefined && <Side kind="removed" text={old} />}
      {young !== undefined && <Side kind="added" text={young} />}
    </div>
  );
}

/** Marked by a sign and read aloud, not by colour alone. */
function Side({ kind, text }: { readonly kind: 'added' | 'removed'; readonly text: string }): ReactNode {
  const { audit } = useWords();
  const Mark = kind === 'added' ? 'ins' : 'del';
  return (
    <Mark className={classNames('change-line', kind)}>
      <span className="change-sign" aria-hidden="true">
        {kind === 'added' ? '+' : '−'}
      </span>
      <span className="visually-hidden">{kind === 'added' ? audit.added : audit.removed}: </span>
      <span className="change-text">{text === '' ? <em className="soft">{audit.nothing}</em> : text}</span>
    </Mark>
  );
}

function LongChange({ before, after }: { readonly before: string; readonly after: string }): ReactNode {
  const { audit } = useWords();
  const parts = useMemo(() => withoutFarLines(differenceOfLines(before, after)), [before, after]);
  return (
    <div className="change mono">
      {parts.map((part, index) =>
        typeof part === 'number' ? (
          <p key={index} className="hint">
            {audit.unchanged(part)}
          </p>
        ) : part.kind === 'same' ? (
          <div key={index} className="change-line">
            <span className="change-sign" aria-hidden="true" />
            <span className="change-text">{part.text}</span>
          </div>
        ) : (
          <Side key={index} kind={part.kind} text={part.text} />
        ),
      )}
    </div>
  );
}

/** Unchanged lines around a change that are shown with it. */
const CONTEXT = 2;

/** Instead of unchanged lines far from a change there is their number. */
function withoutFarLines(lines: readonly Line[]): readonly (Line | number)[] {
  const parts: (Line | number)[] = [];
  lines.forEach((line, index) => {
    const near = lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same');
    if (near) parts.push(line);
    else if (typeof parts.at(-1) === 'number') parts.push(Number(parts.pop()) + 1);
    else parts.push(1);
  });
  return parts;
}

function fieldsOf(side: unknown): Readonly<Record<string, unknown>> {
  return typeof side === 'object' && side !== null ? (side as Record<string, unknown>) : {};
}

/** Undefined for a side that has no such field. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('\n');
  return JSON.stringify(value, undefined, 2);
}
