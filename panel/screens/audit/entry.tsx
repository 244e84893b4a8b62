import { type ReactNode, useState } from 'react';
import { ask, useData } from '../../api/hooks.ts';
import {
  AuditEntriesDocument,
  type AuditFiltersInput,
  type AuditLineFragment,
  CountAuditEntriesDocument,
} from '../../generated/graphql.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { deviceOf } from '../../ui/device.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Badge, FailureNotice, Loading } from '../../ui/notice.tsx';
import { useShortcut } from '../../ui/shortcut.ts';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Changes } from './changes.tsx';
import { ActorName, TargetName } from './people.tsx';

/** One entry over the list, from which one goes to the entries beside it. */
export function EntryDrawer({
  id,
  listed,
  filters,
  onMove,
  onClose,
}: {
  readonly id: string;
  /** The entries of the page that is open, so that these are there at once. */
  readonly listed: readonly AuditLineFragment[];
  readonly filters: AuditFiltersInput;
  readonly onMove: (id: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { audit } = useWords();
  const inList = listed.find((entry) => entry.id === id);
  const isId = /^\d{1,18}$/.test(id);
  const { data, failure } = useData(
    AuditEntriesDocument,
    { filters: { upTo: id }, page: 1, pageSize: 1 },
    { pause: inList !== undefined || !isId },
  );
  const [moving, setMoving] = useState(false);
  const [moveFailure, setMoveFailure] = useState<unknown>();
  const found = data?.auditEntries?.nodes[0];
  const entry = inList ?? (found?.id === id ? found : undefined);

  const move = async (find: () => Promise<string | undefined>) => {
    if (moving) return;
    setMoving(true);
    setMoveFailure(undefined);
    try {
      const next = await find();
      if (next !== undefined) onMove(next);
    } catch (error) {
      setMoveFailure(error);
    } finally {
      setMoving(false);
    }
  };
  const newer = () => move(async () => besideInList(listed, id, -1) ?? (await newerThan(id, filters)));
  const older = () => move(async () => besideInList(listed, id, 1) ?? (await olderThan(id, filters)));
  useShortcut('arrowup', () => void newer(), isId);
  useShortcut('arrowdown', () => void older(), isId);
  return (
    <Dialog open onClose={onClose} title={audit.entry(id)} shape="drawer">
      <div className="row apart">
        <span className="hint">{audit.keys}</span>
        <span className="row">
          <IconButton look="normal" small icon="up" label={audit.newerEntry} shortcut="↑" onClick={newer} />
          <IconButton look="normal" small icon="down" label={audit.olderEntry} shortcut="↓" onClick={older} />
        </span>
      </div>
      <FailureNotice failure={failure ?? moveFailure} />
      {entry ? (
        <Entry entry={entry} />
      ) : (data && !found) || found || !isId ? (
        <p>{audit.gone}</p>
      ) : (
        !failure && <Loading />
      )}
    </Dialog>
  );
}

function Entry({ entry }: { readonly entry: AuditLineFragment }): ReactNode {
  const { audit } = useWords();
  const { event, outcome, at, actorId, targetId, address, userAgent, requestId, hash, before, after } = entry;
  return (
    <>
      <dl className="facts">
        <dt>{audit.what}</dt>
        <dd>
          <span className="row">
            {audit.events[event] ?? event}
            {outcome === 'REFUSED' && <Badge kind="bad">{audit.refused}</Badge>}
          </span>
          <span className="hint mono">{event}</span>
        </dd>
        <dt>{audit.time}</dt>
        <dd>
          <Time at={at} relative={false} /> <span className="hint mono">{at}</span>
        </dd>
        <dt>{audit.who}</dt>
        <dd>
          <ActorName entry={entry} />
        </dd>
        {entry.targetKind && (
          <>
            <dt>{audit.whom}</dt>
            <dd>
              <TargetName entry={entry} />
            </dd>
          </>
        )}
        {address && (
          <>
            <dt>{audit.address}</dt>
            <dd className="mono">{address}</dd>
          </>
        )}
        {userAgent && (
          <>
            <dt>{audit.device}</dt>
            <dd>
              {deviceOf(userAgent)}
              {deviceOf(userAgent) !== userAgent && <div className="hint">{userAgent}</div>}
            </dd>
          </>
        )}
        {requestId && (
          <>
            <dt>{audit.request}</dt>
            <dd>
              <span className="row">
                <span className="mono">{requestId}</span>
                <CopyButton text={requestId} />
              </span>
              <div className="hint">{audit.requestHint}</div>
            </dd>
          </>
        )}
        <dt>{audit.hash}</dt>
        <dd>
          <span className="mono">{hash}</span>
          <div className="hint">{audit.hashHint}</div>
        </dd>
      </dl>
      <section className="stack tight" aria-label={audit.changes}>
        <h3>{before && after ? audit.changes : audit.values}</h3>
        <Changes before={before} after={after} />
      </section>
      <div className="row">
        {actorId && (
          <Button small icon="filter" onClick={() => goTo(`/audit?actor=${encodeURIComponent(actorId)}`)}>
            {audit.onlyBy}
          </Button>
        )}
        {targetId && (
          <Button small icon="filter" onClick={() => goTo(`/audit?target=${encodeURIComponent(targetId)}`)}>
            {audit.onlyOn}
          </Button>
        )}
      </div>
    </>
  );
}

/** Lists have the newest entry first. */
function besideInList(listed: readonly AuditLineFragment[], id: string, step: 1 | -1): string | undefined {
  const index = listed.findIndex((entry) => entry.id === id);
  return index === -1 ? undefined : listed[index + step]?.id;
}

async function olderThan(id: string, filters: AuditFiltersInput): Promise<string | undefined> {
  const upTo = String(BigInt(id) - 1n);
  if (upTo === '0' || upTo.startsWith('-')) return undefined;
  const { auditEntries } = await ask(AuditEntriesDocument, { filters: { ...filters, upTo }, page: 1, pageSize: 1 });
  return auditEntries?.nodes[0]?.id;
}

/** The last of all newer ones is the next. */
async function newerThan(id: string, filters: AuditFiltersInput): Promise<string | undefined> {
  const after = { ...filters, after: id };
  const { auditEntries: all } = await ask(CountAuditEntriesDocument, { filters: after });
  const page = all?.pageInfo.total ?? 0;
  if (page === 0) return undefined;
  const { auditEntries } = await ask(AuditEntriesDocument, { filters: after, page, pageSize: 1 });
  return auditEntries?.nodes[0]?.id;
}
