import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { UserActivityDocument, type UserActivityQuery } from '../../generated/graphql.ts';
import { useAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { Pages } from '../../ui/table.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Changes } from '../audit/changes.tsx';

type Entry = NonNullable<UserActivityQuery['auditEntries']>['nodes'][number];

/** What the user did, and what was done to the user. */
export function Activity({ id }: { readonly id: string }): ReactNode {
  const { users, common } = useWords();
  const { page, set } = useAddress();
  const { data, failure, reload } = useData(UserActivityDocument, { user: id, page });
  const found = data?.auditEntries;
  return (
    <Section
      title={users.activity}
      about={users.activityAbout}
      actions={
        <Button small icon="refresh" onClick={reload}>
          {users.refresh}
        </Button>
      }
    >
      <FailureNotice failure={failure} />
      {!found && !failure && <Loading />}
      {found?.nodes.length === 0 && <Empty title={users.noActivity}>{users.noActivityAbout}</Empty>}
      {found && found.nodes.length > 0 && (
        <>
          <ol className="activity">
            {found.nodes.map((entry) => (
              <li key={entry.id}>
                <ActivityEntry entry={entry} id={id} />
              </li>
            ))}
          </ol>
          <Pages info={found.pageInfo} onPage={(next) => set({ page: String(next) })} />
          <p className="hint">{common.zone(zoneName())}</p>
        </>
      )}
    </Section>
  );
}

function ActivityEntry({ entry, id }: { readonly entry: Entry; readonly id: string }): ReactNode {
  const { users, audit } = useWords();
  const [isOpen, setOpen] = useState(false);
  const { at, event, outcome, actorId, actorName, actorKind, targetName, targetId, address, before, after } = entry;
  const hasChanges = before !== null || after !== null;
  return (
    <div className="stack tight">
      <div className="row apart">
        <span className="row">
          <span className="breaks">
            <strong>{actorId === id ? users.thisUser : (actorName ?? audit.actorKinds[actorKind])}</strong>{' '}
            {audit.events[event] ?? event}
            {targetName && targetId !== id && <>: {targetName}</>}
          </span>
          {outcome === 'REFUSED' && <Badge kind="bad">{audit.refused}</Badge>}
        </span>
        <Time at={at} relative={false} />
      </div>
      <p className="soft small breaks">
        {address && `${address} · `}
        <Link to={`/audit/${entry.id}`}>{users.inAudit}</Link>
      </p>
      {hasChanges && (
        <div>
          <Button
            small
            look="plain"
            icon={isOpen ? 'down' : 'right'}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {users.changes}
          </Button>
          {isOpen && <Changes before={before} after={after} />}
        </div>
      )}
    </div>
  );
}
