import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandRefused } from './command.ts';

/** Reads a password: typed twice and not shown, or from a pipe the first line of standard input. */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    for await (const line of createInterface({ input: process.stdin })) return line;
    throw new CommandRefused('There is no password: type it, or write it to standard input');
  }
  const password = await typed('Password: ');
  if ((await typed('Again: ')) !== password) throw new CommandRefused('The passwords differ');
  return password;
}

/** Asks a question at the terminal. Anything but y or yes is a no. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await typed(`${question} [y/N] `, process.stdout)).trim());
}

const NOWHERE = new Writable({ write: (_chunk, _encoding, done) => done() });

async function typed(prompt: string, echo: Writable = NOWHERE): Promise<string> {
  process.stdout.write(prompt);
  const lines = createInterface({ input: process.stdin, output: echo, terminal: true });
  lines.once('SIGINT', () => process.exit(130));
  const line = await new Promise<string>((resolve) => void lines.once('line', resolve));
  lines.close();
  if (echo === NOWHERE) process.stdout.write('\n');
  return line;
}
