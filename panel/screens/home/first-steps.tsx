import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HomeQuery } from '../../generated/graphql.ts';
import { Icon } from '../../ui/icons.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

/** In a new installation: what to do, in this order. It goes away when there are users and a token. */
export function FirstSteps({
  overview,
  mailServer,
}: {
  readonly overview: NonNullable<HomeQuery['overview']>;
  readonly mailServer: boolean;
}): ReactNode {
  const { home } = useWords();
  if (overview.users > 0) return null;
  const steps = [
    { ...home.steps.permissions, to: '/roles', done: false },
    { ...home.steps.user, to: '/users', done: overview.users > 0 },
    { ...home.steps.token, to: '/tokens', done: overview.apiTokens > 0 },
    { ...home.steps.settings, to: '/settings', done: false },
    { ...home.steps.mails, to: '/mails', done: mailServer },
  ];
  return (
    <Section title={home.firstSteps} about={home.firstStepsAbout}>
      <ol className="stack tight">
        {steps.map(({ title, about, to, done }) => (
          <li key={to} className="step">
            <Icon name={done ? 'check' : 'right'} />
            <span className="stack named">
              <Link to={to}>{title}</Link>
              <span className="hint">{done ? home.stepDone : about}</span>
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
