import type { Logger } from 'pino';
import type { ChangeFeed } from '../../database/notifications/changes.ts';
import { MAX_STALENESS } from './change-aware-memory.ts';

/** Logs when notifications of changes stop and when they are back. */
export function logNotifications(changes: ChangeFeed, log: Logger): void {
  let last: ChangeFeed['state'] = 'live';
  const look = () => {
    const { state } = changes;
    if (state === last) return;
    last = state;
    log[state === 'live' ? 'info' : 'warn'](MESSAGES[state]);
  };
  changes.onChange(look);
  look();
}

const MESSAGES = {
  live: 'notifications of changes arrive from the database again',
  disconnected:
    'the connection for notifications of changes is lost: each request reads its viewer from the database until it is back',
  unsupported: `the database connection brings no notifications of changes, as behind a pooler: users, roles and tokens are read again after ${MAX_STALENESS} ms. Set DATABASE_LISTEN_URL to a connection that is not pooled`,
} as const;
