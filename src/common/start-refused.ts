/** What stops a start, or a command, and is nobody's bug: its message says what is wrong and what to do, and needs no stack. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Does it, or says why not and ends the process with exit code 1: of what was expected the message, of a bug the stack. */
export async function orSayWhy(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${error instanceof StartRefused ? error.message : stack}\n`);
    process.exit(1);
  }
}
