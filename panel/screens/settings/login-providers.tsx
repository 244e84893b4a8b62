import { Fragment, type ReactNode } from 'react';
import type { SettingsQuery } from '../../generated/graphql.ts';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

type Provider = NonNullable<SettingsQuery['loginProviders']>[number];

/** Login providers of another system. There is nothing to change in them yet. */
export function LoginProviders({ providers }: { readonly providers: readonly Provider[] }): ReactNode {
  const { settings } = useWords();
  if (providers.length === 0) return undefined;
  return (
    <Section title={settings.providers} about={settings.providersAbout}>
      <dl className="facts">
        {providers.map(({ name, clientId, redirect, hasSecret }) => (
          <Fragment key={name}>
            <dt>
              {name} <span className="soft">({settings.providerOff})</span>
            </dt>
            <dd className="stack tight">
              {clientId !== null && <code>{clientId}</code>}
              {hasSecret && <span className="soft small">{settings.providerSecret}</span>}
              {redirect !== null && (
                <span className="soft small">
                  {settings.providerRedirect} {redirect}
                </span>
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Section>
  );
}
