import type { MarkdownRenderer } from 'vitepress';

/**
 * Takes the link from what is not a page, such as `../src/app/content/site-setting.ts`: its name stays as text. The site
 * holds the documents, and the repository holds the files.
 */
export function linkPagesOnly(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('link-pages-only', ({ tokens }) => {
    for (const { children } of tokens) {
      let toFile = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') toFile = isFile(token.attrGet('href') ?? '');
        if (toFile && (token.type === 'link_open' || token.type === 'link_close')) token.type = 'text';
      }
    }
  });
}

function isFile(href: string): boolean {
  return !/^([a-z]+:|#)/.test(href) && !/(\/|\.md)(#.*)?$/.test(href);
}
