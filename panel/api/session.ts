/** The administrator, as the panel needs to know them. */
export interface Me {
  readonly documentId: string;
  readonly email: string;
  readonly name: string;
  readonly role: 'ADMINISTRATOR' | 'READ_ONLY';
}

/** A short token and whose it is. It is kept in the memory of the page only. */
export interface OpenSession {
  readonly jwt: string;
  /** When the token ends, in milliseconds since 1970 by the clock of this browser. */
  readonly until: number;
  readonly me: Me;
}

export type SessionState =
  /** Before the first answer. `failure`: why there was none. */
  | { readonly kind: 'unknown'; readonly failure?: unknown }
  | { readonly kind: 'closed' }
  | ({ readonly kind: 'open' } & OpenSession)
  /** It was open in this page and ended: the page stays as it is until somebody logs in again. */
  | { readonly kind: 'ended'; readonly me: Me };

type Message = { readonly kind: 'open'; readonly session: OpenSession } | { readonly kind: 'closed' };

let state: SessionState = { kind: 'unknown' };
const listeners = new Set<() => void>();
const waiting = new Set<() => void>();
const tabs = new BroadcastChannel('gatehouse-admin');

export const session = {
  get: (): SessionState => state,

  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /** Keeps a session that was begun or renewed here, and tells the other tabs. */
  open(opened: OpenSession): void {
    take(opened);
    tabs.postMessage({ kind: 'open', session: opened } satisfies Message);
  },

  /** Ends what this browser has of the session, in every tab. */
  close(): void {
    keep({ kind: 'closed' });
    tabs.postMessage({ kind: 'closed' } satisfies Message);
  },

  /** The server no longer accepts it. A page that was in use asks for the password, and loses nothing. */
  end(): void {
    if (state.kind === 'open') keep({ kind: 'ended', me: state.me });
    else if (state.kind === 'unknown') keep({ kind: 'closed' });
  },

  /** Nobody could be asked whether there is a session. */
  fail(failure: unknown): void {
    if (state.kind === 'unknown') keep({ kind: 'unknown', failure });
  },

  /** Changes what is known of the administrator, in every tab. */
  rename(me: Partial<Me>): void {
    if (state.kind === 'open') session.open({ ...state, me: { ...state.me, ...me } });
  },

  /** Resolves when somebody is logged in again, or nobody will be. */
  settled(): Promise<void> {
    if (state.kind !== 'ended') return Promise.resolve();
    return new Promise((resolve) => waiting.add(resolve));
  },
};

tabs.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'open') take(data.session);
  else if (state.kind === 'open' || state.kind === 'ended') keep({ kind: 'closed' });
});

/** A session of somebody else closes this page, which was not theirs: it is loaded again, for them. */
function take({ jwt, until, me }: OpenSession): void {
  const isOthers = (state.kind === 'open' || state.kind === 'ended') && state.me.documentId !== me.documentId;
  keep(isOthers ? { kind: 'closed' } : { kind: 'open', jwt, until, me });
}

function keep(next: SessionState): void {
  state = next;
  if (next.kind === 'open' || next.kind === 'closed') {
    for (const resolve of waiting) resolve();
    waiting.clear();
  }
  for (const listener of listeners) listener();
}
