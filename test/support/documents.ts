import { readFileSync } from 'node:fs';

/** A fenced block of code: ```` ```ts file=src/app/content/product.ts ````. */
export interface CodeBlock {
  readonly language: string;
  /** What stands behind the language: `file=…`, `run`, or nothing. */
  readonly label: string;
  readonly text: string;
}

/** The blocks of code of a page, such as `docs/querying.md`, in their order. */
export function codeBlocksIn(page: string): CodeBlock[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^```(\w+) *(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', label = '', code = '']) => ({
    language,
    label,
    text: code,
  }));
}
