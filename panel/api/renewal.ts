import { RefreshDocument } from '../generated/graphql.ts';
import { Failure } from './failure.ts';
import { enter } from './guest.ts';
import { type Me, type OpenSession, session } from './session.ts';

/** Milliseconds before the end of a token at which it is renewed. */
const AHEAD = 20_000;
/** The time between two attempts at the keys of somebody who types while the server cannot be reached. */
const PAUSE = 10_000;
/** The longest delay of a timer. */
const LONGEST = 2 ** 31 - 1;

let running: Promise<void> | undefined;

/** Renews the session by its cookie, one tab at a time; `session` says how it went. Where another tab was faster, its token is taken. */
export function renew(): Promise<void> {
  running ??= oneTabAtATime(exchange).finally(() => {
    running = undefined;
  });
  return running;
}

/** Whether the token has ended, or is about to. */
export function isTokenSpent(): boolean {
  const state = session.get();
  return state.kind === 'open' && state.until - Date.now() < AHEAD;
}

interface Payload {
  readonly jwt: string;
  readonly expiresAt: string;
  readonly admin: Me;
}

/** The session of a login or a refresh. */
export function openedBy({ jwt, expiresAt, admin }: Payload): OpenSession {
  return { jwt, until: Date.now() + lifespanOf(jwt, Date.parse(expiresAt)), me: admin };
}

/** From the token's own two times: the clock of this browser may be wrong. */
function lifespanOf(jwt: string, expiresAt: number): number {
  const claims: unknown = JSON.parse(atob((jwt.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
  const { iat } = claims as { readonly iat?: unknown };
  return expiresAt - (typeof iat === 'number' ? iat * 1_000 : Date.now());
}

async function exchange(): Promise<void> {
  try {
    const { refresh } = await enter(RefreshDocument, {});
    if (refresh) session.open(openedBy(refresh));
    else session.end();
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'UNAUTHENTICATED') session.end();
    else session.fail(failure); // what was open may still be: the next operation finds out
  }
}

/** A cookie works once. The server has a grace for those that come at the same time, for pages without locks (plain HTTP). */
async function oneTabAtATime(work: () => Promise<void>): Promise<void> {
  const before = tokenNow();
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return work();
  await locks.request('gatehouse-admin-refresh', async () => {
    if (tokenNow() === before) await work();
  });
}

function tokenNow(): string | undefined {
  const state = session.get();
  return state.kind === 'open' ? state.jwt : undefined;
}

/*
 * Only what somebody does keeps the session open. A page that is used is renewed before its token ends, also while a form is
 * filled in that sends nothing; a page that nobody touches is not, and asks again at the first touch.
 */
let usedAt = Date.now();
let triedAt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

for (const kind of ['keydown', 'pointerdown', 'focus'] as const) addEventListener(kind, used, { capture: true });

function used(): void {
  usedAt = Date.now();
  if (!isTokenSpent() || usedAt - triedAt < PAUSE) return;
  triedAt = usedAt;
  void renew();
}

let known: string | undefined;
session.subscribe(() => {
  const state = session.get();
  if (state.kind !== 'open' || state.jwt === known) return;
  known = state.jwt;
  const openedAt = Date.now();
  clearTimeout(timer);
  timer = setTimeout(
    () => {
      if (usedAt > openedAt) void renew();
    },
    Math.min(LONGEST, Math.max(0, state.until - AHEAD - openedAt)),
  );
});
