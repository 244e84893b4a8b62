import type { ReactNode } from 'react';
import { Failure } from '../api/failure.ts';
import { useWords } from '../words/words.ts';
import { classNames } from './class-names.ts';
import { sentenceOf } from './failure-text.ts';
import { Icon } from './icons.tsx';

/** A message that stays in view. */
export function Notice({
  kind = 'info',
  children,
  role,
}: {
  readonly kind?: 'info' | 'good' | 'warn' | 'bad';
  readonly children: ReactNode;
  readonly role?: 'alert' | 'status';
}): ReactNode {
  return (
    <div className={classNames('notice', kind !== 'info' && kind)} role={role}>
      <Icon name={kind} />
      <div className="grow stack tight">{children}</div>
    </div>
  );
}

/** Why something failed, and what can be done. Nothing without a failure. */
export function FailureNotice({
  failure,
  shownAtFields = [],
}: {
  readonly failure: unknown;
  /** The ends of paths whose faults stand at their fields. */
  readonly shownAtFields?: readonly string[];
}): ReactNode {
  const words = useWords();
  if (failure === undefined || failure === null) return null;
  if (!(failure instanceof Failure)) {
    return (
      <Notice kind="bad" role="alert">
        {words.failures.unexpected}
      </Notice>
    );
  }
  const elsewhere = failure.faults.filter(({ path }) => {
    const whole = path.join('.');
    return !shownAtFields.some((end) => whole === end || whole.endsWith(`.${end}`));
  });
  const lines = failure.faults.length > 0 ? elsewhere.map(({ message }) => message) : [sentenceOf(failure, words)];
  return (
    <Notice kind="bad" role="alert">
      {lines.length === 0 ? (
        <p>{words.failures.seeFields}</p>
      ) : (
        lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two can be the same
          <p key={index}>{line}</p>
        ))
      )}
    </Notice>
  );
}

/** Nothing is there yet, or nothing matches: and what to do. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <div className="empty">
      <Icon name="info" />
      <h2>{title}</h2>
      {children && <p className="soft">{children}</p>}
      {action}
    </div>
  );
}

/** While the first answer is on its way. */
export function Loading({ lines = 5 }: { readonly lines?: number }): ReactNode {
  const words = useWords();
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{words.common.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={index} className="skeleton" />
      ))}
    </div>
  );
}

export function Badge({
  kind,
  children,
}: {
  readonly kind?: 'good' | 'warn' | 'bad' | 'accent';
  readonly children: ReactNode;
}): ReactNode {
  return <span className={classNames('badge', kind)}>{children}</span>;
}
