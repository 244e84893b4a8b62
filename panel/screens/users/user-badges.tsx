import type { ReactNode } from 'react';
import type { UserLineFragment } from '../../generated/graphql.ts';
import { Badge } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** Whether the user cannot log in now. A block that has expired is lifted by the server a little later. */
export function isBlockedNow({ blocked, blockedUntil }: Pick<UserLineFragment, 'blocked' | 'blockedUntil'>): boolean {
  return blocked && (!blockedUntil || Date.parse(blockedUntil) > Date.now());
}

/** What is special about a user. */
export function UserBadges({ user }: { readonly user: UserLineFragment }): ReactNode {
  const { users } = useWords();
  return (
    <>
      {isBlockedNow(user) && <Badge kind="bad">{users.isBlocked}</Badge>}
      {user.deletesAt && <Badge kind="warn">{users.ending}</Badge>}
      {!user.confirmed && <Badge kind="warn">{users.isNotConfirmed}</Badge>}
      {user.usernameDisputed && <Badge kind="warn">{users.disputed}</Badge>}
    </>
  );
}
