import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePreferences } from '../../app/preferences.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

const ICONS: Readonly<Record<'user' | 'role' | 'document' | 'token', IconName>> = {
  user: 'users',
  role: 'shield',
  document: 'content',
  token: 'key',
};

/** What the administrator opened last, and the lists that they gave a name. */
export function Recent(): ReactNode {
  const { home, shell } = useWords();
  const { recent, views } = usePreferences();
  return (
    <div className="columns">
      <Section title={shell.recent}>
        {recent.length === 0 ? (
          <p className="soft">{home.noRecent}</p>
        ) : (
          <ul className="recent">
            {recent.map(({ title, to, kind }) => (
              <li key={to}>
                <Link to={to} className="nav-link">
                  <Icon name={ICONS[kind]} />
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {views.length > 0 && (
        <Section title={home.views}>
          <ul className="recent">
            {views.map(({ title, to }) => (
              <li key={`${to} ${title}`}>
                <Link to={to} className="nav-link">
                  <Icon name="filter" />
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}
