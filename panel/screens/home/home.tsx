import type { ReactNode } from 'react';
import { useData } from '../../api/hooks.ts';
import { HomeDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { AttentionList } from './attention.tsx';
import { Charts } from './charts.tsx';
import { Counts } from './counts.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Recent } from './recent.tsx';
import { ServerLinks } from './server-links.tsx';

/** What needs attention first; then how much there is, what happened, and the way back to what was opened last. */
export default function Home(): ReactNode {
  const words = useWords();
  const { home } = words;
  const { data, failure, reload } = useData(HomeDocument, {});
  const overview = data?.overview;
  const server = data?.serverInfo;
  return (
    <Page
      title={words.shell.home}
      badge={
        server && (
          <Badge kind={server.production ? 'accent' : 'warn'}>
            {server.production ? home.production : home.development}
          </Badge>
        )
      }
    >
      {failure && (
        <div className="row">
          <FailureNotice failure={failure} />
          <Button icon="refresh" onClick={reload}>
            {words.common.retry}
          </Button>
        </div>
      )}
      {!data && !failure && <Loading lines={8} />}
      {overview && (
        <>
          <AttentionList items={overview.attention} />
          <FirstSteps overview={overview} mailServer={server?.mailServer ?? false} />
          <Counts overview={overview} />
          <Charts days={overview.days} />
        </>
      )}
      <Recent />
      {server && <ServerLinks server={server} />}
    </Page>
  );
}
