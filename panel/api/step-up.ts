/** Asks the administrator to prove who they are, once for all that wait. The shell shows the dialog. */
interface Asking {
  readonly settle: (proved: boolean) => void;
}

let asking: Asking | undefined;
let answer: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

/** Resolves to whether a proof was given. */
export function provedAgain(): Promise<boolean> {
  answer ??= new Promise((resolve) => {
    asking = {
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
