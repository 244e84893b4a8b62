import { globSync, readFileSync } from 'node:fs';

/** Every page of the documents but the changelog, which tells of what is no more. */
export const pages: readonly string[] = globSync(['*.md', 'docs/**/*.md', 'bench/*.md'])
  .filter((page) => page !== 'CHANGELOG.md')
  .sort();

/** A fenced block of code: ```` ```ts file=src/app/content/product.ts ````. */
export interface CodeBlock {
  readonly language: string;
  /** What stands behind the language, such as `as=reader`, `file=…` or `run`; or nothing. CONTRIBUTING says what it means. */
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
