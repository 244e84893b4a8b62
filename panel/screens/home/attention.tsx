import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { HomeQuery } from '../../generated/graphql.ts';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

type Item = NonNullable<HomeQuery['overview']>['attention'][number];

/** What somebody can do harm with now. The others are said less loudly. */
const URGENT: ReadonlySet<Item['kind']> = new Set(['PUBLIC_PASSWORD', 'PUBLIC_WRITES']);

/** What an administrator should look at, the most urgent first, and where it is mended. */
export function AttentionList({ items }: { readonly items: readonly Item[] }): ReactNode {
  const { home } = useWords();
  return (
    <Section title={home.attention} card={false}>
      {items.length === 0 ? (
        <Notice kind="good">{home.nothing}</Notice>
      ) : (
        <ul className="stack tight">
          {items.map((item, index) => (
            <li key={`${item.kind} ${item.subject ?? index}`}>
              <Notice kind={URGENT.has(item.kind) ? 'bad' : 'warn'}>
                <p>
                  {home.kinds[item.kind](item)} <Link to={placeOf(item)}>{home.mend[item.kind]}</Link>
                </p>
              </Notice>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function placeOf({ kind, subject, subjectKind }: Item): string {
  if (subject) return subjectKind === 'apiToken' ? `/tokens/${subject}` : `/roles/${subject}`;
  switch (kind) {
    case 'TOKENS_ENDING':
    case 'TOKENS_IMPORTED':
    case 'TOKENS_UNUSED':
      return '/tokens';
    case 'NO_MAIL_SERVER':
      return '/mails';
    case 'FAILED_MAILS':
    case 'STUCK_MAILS':
      return '/audit?event=mail.fail';
    case 'DISPUTED_USERNAMES':
    case 'PUBLIC_PASSWORD':
      return '/users';
    default:
      return '/roles';
  }
}
