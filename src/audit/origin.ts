/** Where a request came from. */
export interface Origin {
  /** The client's address, as far as it can be believed. */
  readonly address: string;
  /** What it says it is. */
  readonly userAgent: string | undefined;
}
