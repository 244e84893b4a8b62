/** Where a request came from. */
export interface Origin {
  /** The client's address, as reported by trusted proxies. */
  readonly address: string;
  /** The `User-Agent` header. */
  readonly userAgent: string | undefined;
}
