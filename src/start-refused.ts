/** What stops a start, or a command, and is nobody's bug: its message says what is wrong and what to do, and needs no stack. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What to print of an error that ended a start: the message of what was expected, the stack of a bug. */
export function describeFailure(error: unknown): string {
  if (error instanceof StartRefused) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
