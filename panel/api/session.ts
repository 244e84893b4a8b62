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
  /** When the token ends, in milliseconds since 1970. */
  readonly until: number;
  readonly me: Me;
}

export type SessionState =
  /** Before the first answer. */
  | { readonly kind: 'unknown' }
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
    keep({ kind: 'open', ...opened });
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

  /** Changes what is known of the administrator. */
  rename(me: Partial<Me>): void {
    if (state.kind === 'open') keep({ ...state, me: { ...state.me, ...me } });
  },

  /** Resolves when somebody is logged in. */
  reopened(): Promise<void> {
    if (state.kind === 'open') return Promise.resolve();
    return new Promise((resolve) => waiting.add(resolve));
  },
};

tabs.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.kind === 'closed') {
    if (state.kind === 'open') keep({ kind: 'closed' });
    return;
  }
  const mine = state.kind === 'open' || state.kind === 'ended' ? state.me.documentId : undefined;
  // Somebody else logged in in another tab: what stands here is no longer theirs to use.
  if (mine !== undefined && mine !== data.session.me.documentId) location.reload();
  else keep({ kind: 'open', ...data.session });
});

function keep(next: SessionState): void {
  state = next;
  if (next.kind === 'open') {
    for (const resolve of waiting) resolve();
    waiting.clear();
  }
  for (const listener of listeners) listener();
}
