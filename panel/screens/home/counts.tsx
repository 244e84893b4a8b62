import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HomeQuery } from '../../generated/graphql.ts';
import { Section } from '../../ui/page.tsx';
import { useLanguage, useWords } from '../../words/words.ts';

type Overview = NonNullable<HomeQuery['overview']>;

/** How much there is, each with the way to it. */
export function Counts({ overview }: { readonly overview: Overview }): ReactNode {
  const { home, shell } = useWords();
  const { format } = new Intl.NumberFormat(useLanguage());
  const { users, blockedUsers, unconfirmedUsers, roles, apiTokens, administrators } = overview;
  const counts = [
    { title: shell.users, count: users, to: '/users' },
    { title: home.unconfirmed, count: unconfirmedUsers, to: '/users?confirmed=no' },
    { title: home.blocked, count: blockedUsers, to: '/users?blocked=yes' },
    { title: shell.roles, count: roles, to: '/roles' },
    { title: shell.tokens, count: apiTokens, to: '/tokens' },
    { title: shell.administrators, count: administrators, to: '/administrators' },
  ];
  return (
    <Section title={home.counts} card={false}>
      <ul className="counts">
        {counts.map(({ title, count, to }) => (
          <li key={to}>
            <Link to={to} className="count card">
              <span className="count-number">{format(count)}</span>
              <span>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
