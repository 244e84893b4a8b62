/** Milliseconds that a password proves who somebody is, in the session that it was given in. */
export const PROOF_LIFESPAN = 10 * 60_000;

/** Whether the proof of a session still counts. */
export function isProven({ provenAt }: { readonly provenAt: Date }, now: Date): boolean {
  return now.getTime() - provenAt.getTime() < PROOF_LIFESPAN;
}
