import { runCommand } from '../../src/command-line/run-command.ts';
import type { TestServer } from './start.ts';

interface Typed {
  readonly password?: string;
  readonly confirm?: (question: string) => Promise<boolean>;
}

/** Runs `npm run gatehouse -- …` on a server that is open already: its exit code, and what it prints on either stream. */
export async function runCommandOn(
  { gatehouse, database }: Pick<TestServer, 'gatehouse' | 'database'>,
  words: readonly string[],
  { password = '', confirm }: Typed = {},
): Promise<{ readonly code: number; readonly output: string }> {
  let output = '';
  const print = (text: string) => {
    output += text;
  };
  const code = await runCommand(words, {
    verify: () => Promise.reject(new Error('not asked for')),
    open: async () => ({ gatehouse, database, close: async () => {} }),
    askPassword: async () => password,
    confirm,
    print,
    printError: print,
  });
  return { code, output: output.replace(/\n$/, '') };
}

/** The same of a command that has to be carried out. @throws Error with what it printed when it was not. */
export async function carryOut(
  server: Pick<TestServer, 'gatehouse' | 'database'>,
  words: readonly string[],
  typed?: Typed,
): Promise<string> {
  const { code, output } = await runCommandOn(server, words, typed);
  if (code !== 0) throw new Error(output);
  return output;
}
