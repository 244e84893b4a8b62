/** Milliseconds that a proof of who somebody is counts, in the session that it was given in. */
export const PROOF_LIFESPAN = 10 * 60_000;

/** Whether the proof of a session still counts. Null: there never was one. */
export function isProven({ provenAt }: { readonly provenAt: Date | null }, now: Date): boolean {
  return provenAt !== null && now.getTime() - provenAt.getTime() < PROOF_LIFESPAN;
}
