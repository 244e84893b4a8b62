import { aboutVariables } from '../src/config/environment-schema.ts';
import type { About } from '../src/config/variable.ts';

const BEGIN = '<!-- Written by `npm run docs:configuration`, from src/config/variables. -->';
const END = '<!-- End of what is written. -->';

/** The page on configuration with the table of all variables in its place. */
export function withTableOfVariables(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('docs/configuration.md has no place for the table of variables');
  return `${page.slice(0, begin)}${BEGIN}\n\n${tableOfVariables()}\n\n${page.slice(end)}`;
}

/** `.env.example`: each variable with its meaning, and as a comment with its default or an example. */
export function environmentExample(): string {
  const head = comment(
    'Written by `npm run docs:configuration`. Copy this file to .env, and remove the # before each variable that you set. The server and `npm run gatehouse` read the file in the directory that they are started in. A variable of the environment overrides the file. A value that contains a # or a space needs quotes. $NAME is not replaced.',
  );
  const groups = aboutVariables().map(({ title, variables }) => {
    const parts = variables.map((about) => {
      const otherwise = about.otherwise === undefined ? '' : ` Default: ${about.otherwise}.`;
      return `${comment(about.description + otherwise)}\n# ${about.name}=${quoted(about.default ?? about.example ?? '')}`;
    });
    return [`# ${'-'.repeat(8)} ${title} ${'-'.repeat(8)}`, ...parts].join('\n\n');
  });
  return `${[head, ...groups].join('\n\n')}\n`;
}

function tableOfVariables(): string {
  const rows = aboutVariables().flatMap(({ title, variables }) => [
    [`**${title}**`, '', ''],
    ...variables.map((about) => [`\`${about.name}\``, about.description, defaultOf(about)]),
  ]);
  return aligned([['variable', 'meaning', 'default'], ...rows]);
}

function defaultOf(about: About): string {
  return about.default === undefined ? (about.otherwise ?? 'none') : `\`${about.default}\``;
}

/** A table as the formatter has it. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function comment(markdown: string): string {
  const lines = [''];
  for (const word of markdown.replaceAll('`', '').split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length > 110) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((text) => `# ${text}`).join('\n');
}

const quoted = (value: string) => (/[\s#]/.test(value) ? `"${value}"` : value);
