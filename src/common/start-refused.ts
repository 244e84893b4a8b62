/** Stops a start or a command for a reason that is not a bug: the message says what is wrong and what to do, without a stack. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Runs `work`. On an error, prints the message of a StartRefused, or the stack of a bug, and exits with code 1. */
export async function orSayWhy(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${error instanceof StartRefused ? error.message : stack}\n`);
    process.exit(1);
  }
}
