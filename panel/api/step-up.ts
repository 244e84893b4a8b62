/** Asks the administrator to prove who they are, once for all that wait. The shell shows the dialog. */
interface Asking {
  /** What can be typed; undefined if nothing of that counts. */
  readonly kind: ProofKind | undefined;
  readonly passkey: boolean;
  readonly settle: (proved: boolean) => void;
}

/** What proves it: the password, or where there is a second factor, a code of the app. */
export type ProofKind = 'password' | 'totp';

let asking: Asking | undefined;
let answer: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

/** Resolves to whether a proof was given. @param methods what the server accepts. */
export function provedAgain(methods: readonly string[]): Promise<boolean> {
  answer ??= new Promise((resolve) => {
    asking = {
      kind: (['totp', 'password'] as const).find((kind) => methods.includes(kind)),
      passkey: methods.includes('passkey'),
      settle(proved) {
        asking = undefined;
        answer = undefined;
        resolve(proved);
        changed();
      },
    };
    changed();
  });
  return answer;
}

export const stepUp = {
  get: (): Asking | undefined => asking,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function changed(): void {
  for (const listener of listeners) listener();
}
