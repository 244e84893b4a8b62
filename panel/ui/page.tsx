import { type ReactNode, useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { useWords } from '../words/words.ts';
import { classNames } from './class-names.ts';

/** The frame of a screen: where one is, its name, its main acts. */
export function Page({
  title,
  parent,
  badge,
  about,
  actions,
  children,
}: {
  readonly title: string;
  /** The screen above it: its name and address. */
  readonly parent?: { readonly title: string; readonly to: string };
  readonly badge?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const words = useWords();
  useEffect(() => {
    document.title = `${title} · Gatehouse`;
  }, [title]);
  return (
    <div className="stack wide content">
      <div className="stack tight">
        {parent && (
          <nav className="crumbs" aria-label={words.common.whereYouAre}>
            <Link to={parent.to}>{parent.title}</Link>
          </nav>
        )}
        <div className="page-head">
          <div className="stack tight grow">
            <div className="row">
              <h1>{title}</h1>
              {badge}
            </div>
            {about && <p className="soft">{about}</p>}
          </div>
          {actions && <div className="row">{actions}</div>}
        </div>
      </div>
      {children}
    </div>
  );
}

/** Parts of a screen, each with an address of its own. */
export function TabLinks({
  label,
  tabs,
}: {
  readonly label: string;
  /** `isCurrent`: for a tab with several addresses. */
  readonly tabs: readonly { readonly title: ReactNode; readonly to: string; readonly isCurrent?: boolean }[];
}): ReactNode {
  const [location] = useLocation();
  return (
    <nav className="tabs-list" aria-label={label}>
      {tabs.map(({ title, to, isCurrent = location === to }) => (
        <Link key={to} to={to} className={classNames('tab')} aria-current={isCurrent ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}

/** A part of a screen with a heading. */
export function Section({
  title,
  about,
  actions,
  children,
  card = true,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly card?: boolean;
}): ReactNode {
  return (
    <section className={classNames('stack', card && 'card')} aria-label={title}>
      <div className="row apart">
        <div className="stack tight grow">
          <h2>{title}</h2>
          {about && <p className="soft">{about}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
