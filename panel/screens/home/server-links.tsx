import type { ReactNode } from 'react';
import { ENDPOINT } from '../../api/base.ts';
import type { HomeQuery } from '../../generated/graphql.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

/** Where clients reach the server, and where one tries its API. */
export function ServerLinks({ server }: { readonly server: NonNullable<HomeQuery['serverInfo']> }): ReactNode {
  const { home } = useWords();
  const { publicUrl, playground, version } = server;
  const api = `${publicUrl}/graphql`;
  return (
    <Section title={home.server}>
      <dl className="facts">
        <dt>{home.api}</dt>
        <dd>
          <span className="row">
            <code className="breaks">{api}</code>
            <CopyButton text={api} />
          </span>
        </dd>
        <dt>{home.playground}</dt>
        <dd>
          {playground ? (
            <span className="row">
              <a href={ENDPOINT.replace(/\/admin\/graphql$/, '/graphql')} target="_blank" rel="noreferrer">
                {home.playgroundUsers}
              </a>
              <a href={ENDPOINT} target="_blank" rel="noreferrer">
                {home.playgroundAdmins}
              </a>
            </span>
          ) : (
            home.noPlayground
          )}
        </dd>
        <dt>{home.documentation}</dt>
        <dd>{home.documentationAbout}</dd>
        <dt>{home.version}</dt>
        <dd>{version}</dd>
      </dl>
    </Section>
  );
}
