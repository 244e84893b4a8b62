import { parseEnv } from 'node:util';
import { StartRefused } from '../common/start-refused.ts';

/** A file `.env` that is ambiguous. Names the lines, never their content. */
export class UnreadableFile extends StartRefused {
  constructor(file: string, problems: readonly string[]) {
    super(`${file} cannot be read:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the variables of a file `.env`, as editors of any system write it: UTF-8, or UTF-16 with a byte order mark; any line
 * ends; `export` before a name; values in three kinds of quotes, also over several lines.
 *
 * Node's own parser accepts anything: it skips lines that it does not understand, and cuts a value at a `#`. So the file is
 * first checked for a form that can be read in only one way.
 *
 * @throws UnreadableFile naming every line that is not.
 */
export function readDotEnv(file: string, bytes: Uint8Array): Readonly<Record<string, string>> {
  const { statements, problems } = statementsIn(decoded(file, bytes).replaceAll(/\r\n?/g, '\n'));
  if (problems.length > 0) throw new UnreadableFile(file, problems);
  return parseEnv(statements.join('\n')) as Readonly<Record<string, string>>; // a name that is there has a value
}

/** On Windows, redirected output of a shell is UTF-16, with a byte order mark. */
function decoded(file: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes); // removes the byte order mark
  } catch {
    throw new UnreadableFile(file, [`expected ${encoding.toUpperCase()}: save it as UTF-8`]);
  }
  if (text.includes('\0')) throw new UnreadableFile(file, ['expected text, and there is a NUL: save it as UTF-8']);
  return text;
}

/** A line with nothing in it, or a comment. */
const NOTHING = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const NAME = /[ \t]*(?:export +)?([A-Za-z_][\w.-]*)[ \t]*=/y;
const QUOTED = /[ \t]*(['"`])[\s\S]*?\1/y;
const BARE = /(?![ \t]*['"`])(?:[^\s#]|[ \t]+(?=[^\s#]))*/y;
/** A comment has a blank before it. */
const END = /[ \t]*(?:[ \t]#[^\n]*)?(?:\n|$)/y;

interface Read {
  /** Each `NAME=value`, without what stands around it. */
  readonly statements: string[];
  readonly problems: string[];
}

function statementsIn(text: string): Read {
  const read: Read = { statements: [], problems: [] };
  const seen = new Map<string, { readonly line: number; readonly value: string }>();
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found) position = pattern.lastIndex;
    return found;
  };
  while (position < text.length) {
    if (take(NOTHING)) continue;
    const line = text.slice(0, position).split('\n').length;
    const problem = takeStatement(line);
    if (problem === undefined) continue;
    read.problems.push(`line ${line}: ${problem}`);
    const next = text.indexOf('\n', position);
    position = next < 0 ? text.length : next + 1;
  }
  return read;

  function takeStatement(line: number): string | undefined {
    const name = take(NAME)?.[1];
    if (name === undefined) return 'expected NAME=value, or # before a comment';
    const from = position;
    const quoted = take(QUOTED) !== null;
    if (!quoted && !take(BARE)) return `expected the quote before the value of ${name} to be closed`;
    const value = text.slice(from, position).trim();
    if (!take(END)) {
      return quoted
        ? `expected nothing after the closing quote of ${name}; a value with one kind of quote in it stands in another kind`
        : `expected the value of ${name} in quotes, since there is a # or an unusual blank in it`;
    }
    if (!value.startsWith("'") && /\$\{\w/.test(value)) {
      return `expected no \${…} in ${name}: nothing is filled in; in single quotes it is taken as it is`;
    }
    const before = seen.get(name);
    if (before && before.value !== value) return `expected ${name} once: line ${before.line} gives it another value`;
    seen.set(name, { line, value });
    read.statements.push(`${name}=${value}`);
    return undefined;
  }
}
