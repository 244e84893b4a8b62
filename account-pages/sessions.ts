import { ask } from './api.ts';
import { say, time, words } from './config.ts';
import { deviceName } from './device.ts';
import { announce, button, el, show } from './dom.ts';
import { navigation } from './links.ts';

interface Session {
  readonly documentId: string;
  readonly device: string | null;
  readonly address: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly amr: readonly string[];
  readonly impersonatedBy: string | null;
  readonly current: boolean;
}

export async function showSessions(): Promise<void> {
  const { sessions: found } = await ask<{ sessions: readonly Session[] }>('sessions');
  const sessions = found.toSorted((one, other) => Number(other.current) - Number(one.current));
  const others = sessions.filter(({ current }) => !current);
  const endAll = button(
    say('endOthers'),
    async () => {
      // One that ended by itself meanwhile needs no more than the others.
      for (const { documentId } of others) await ask('revokeSession', { documentId }).catch(ignoreGone);
      await showSessions();
      announce(say('othersEndedNow'));
    },
    { kind: 'danger' },
  );
  show(
    say('sessionsTitle'),
    [
      navigation(),
      el('p', {}, say('sessionsAbout')),
      el('ul', { class: 'list' }, ...sessions.map(entry)),
      others.length === 0 ? el('p', { class: 'muted' }, say('noOtherSessions')) : endAll,
    ],
    { wide: true },
  );
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'NOT_FOUND')) throw error;
}

function entry({ documentId, device, address, createdAt, lastUsedAt, amr, impersonatedBy, current }: Session) {
  const name = deviceName(device);
  const times = [
    say('sessionBegan', { time: time(createdAt) }),
    say('sessionUsed', { time: time(lastUsedAt) }),
    say('sessionFrom', { address }),
    ...amr.map(wayName),
  ];
  const about = el(
    'div',
    { class: 'about' },
    el('p', {}, el('strong', {}, name)),
    el('p', { class: 'muted' }, times.join(' · ')),
    impersonatedBy !== null && el('p', { class: 'error' }, say('sessionActing', { name: impersonatedBy })),
  );
  const end = button(
    say('endSession'),
    async () => {
      await ask('revokeSession', { documentId });
      await showSessions();
      announce(say('sessionEndedNow'));
    },
    { kind: 'danger', label: say('endSessionOf', { device: name }) },
  );
  return el('li', {}, about, current ? el('span', { class: 'muted' }, say('thisSession')) : end);
}

/** RFC 8176; a login provider has its own name. */
function wayName(way: string): string {
  const known = new Map([
    ['pwd', words.wayPassword],
    ['otp', words.wayCode],
    ['hwk', words.wayPasskey],
    ['mail', words.wayMail],
  ]);
  return known.get(way) ?? way;
}
