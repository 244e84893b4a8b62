import { readFileSync } from 'node:fs';

/** A fenced block of code: ```` ```ts file=src/content/product.ts ````. */
export interface CodeBlock {
  readonly language: string;
  /** What stands behind the language: `file=…`, `run`, or nothing. */
  readonly label: string;
  readonly text: string;
}

/** The blocks of code in one section of README.md, in their order. */
export function codeBlocksIn(section: string): CodeBlock[] {
  const readme = readFileSync('README.md', 'utf8');
  const text = readme.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  if (text === undefined) throw new Error(`README.md has no section ${section}`);
  return [...text.matchAll(/^```(\w+) *(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', label = '', code = '']) => ({
    language,
    label,
    text: code,
  }));
}
