import { type ReactNode, useEffect } from 'react';
import { useData, useMayChange } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { OneUserDocument } from '../../generated/graphql.ts';
import { listAsLeft } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Page, TabLinks } from '../../ui/page.tsx';
import { Time, zoneName } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Activity } from './activity.tsx';
import { Overview } from './overview.tsx';
import { Permissions } from './permissions.tsx';
import { Sessions } from './sessions.tsx';
import { UserActs } from './user-acts.tsx';
import { isBlockedNow, UserBadges } from './user-badges.tsx';

const TABS = ['', 'sessions', 'permissions', 'activity'] as const;

/** One user: `/users/abc`, `/users/abc/sessions`. */
export default function User({ user: id, tab = '' }: { readonly user: string; readonly tab?: string }): ReactNode {
  const { users, common } = useWords();
  const mayChange = useMayChange();
  const { visited } = usePreferences();
  const { data, failure, reload } = useData(OneUserDocument, { user: id });
  const user = data?.user;
  const username = user?.username;
  useEffect(() => {
    if (username !== undefined) visited({ title: username, to: `/users/${id}`, kind: 'user' });
  }, [username, id, visited]);
  const parent = { title: users.title, to: listAsLeft('/users') };
  if (!user) {
    return (
      <Page title={data ? users.gone : users.one} parent={parent}>
        <FailureNotice failure={failure} />
        {failure && <Button onClick={reload}>{common.retry}</Button>}
        {!data && !failure && <Loading />}
        {data && <Empty title={users.gone}>{users.goneAbout}</Empty>}
      </Page>
    );
  }
  const titles = [users.overview, users.sessions, users.permissions, users.activity];
  return (
    <Page
      title={user.username}
      parent={parent}
      badge={<UserBadges user={user} />}
      about={user.email}
      actions={mayChange && <UserActs user={user} large onDone={reload} onDeleted={() => goTo(listAsLeft('/users'))} />}
    >
      {!mayChange && <p className="soft">{common.readOnly}</p>}
      {isBlockedNow(user) && (
        <Notice kind="warn">
          <p>
            {user.blockedUntil ? users.blockedUntil : users.blockedUntilLifted}{' '}
            {user.blockedUntil && <Time at={user.blockedUntil} relative={false} />}
          </p>
          {user.blockReason && (
            <p className="breaks">
              {users.reason}: {user.blockReason}
            </p>
          )}
          {user.blockedUntil && <p className="hint">{common.zone(zoneName())}</p>}
        </Notice>
      )}
      {user.deletesAt && (
        <Notice kind="warn">
          {users.endsAt} <Time at={user.deletesAt} relative={false} />.
        </Notice>
      )}
      <TabLinks
        label={user.username}
        tabs={TABS.map((name, index) => ({
          title: titles[index] ?? name,
          to: `/users/${id}${name ? `/${name}` : ''}`,
        }))}
      />
      {tab === '' && <Overview user={user} onSaved={reload} />}
      {tab === 'sessions' && <Sessions id={id} />}
      {tab === 'permissions' && <Permissions id={id} />}
      {tab === 'activity' && <Activity id={id} />}
      {!TABS.some((name) => name === tab) && <Empty title={common.nothingFound} />}
    </Page>
  );
}
