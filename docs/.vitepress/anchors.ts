import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Looks at the pages as they were built, and ends the build when a link names an anchor that its page does not have.
 * VitePress checks the pages that links lead to, and not the anchors.
 */
export function checkAnchors(directory: string): void {
  const pages = new Map(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html'))
      .map((name) => [`/${name}`, readFileSync(join(directory, name), 'utf8')]),
  );
  const anchors = new Map([...pages].map(([page, html]) => [page, new Set(anchorsIn(html))]));
  const dead = [...pages].flatMap(([page, html]) =>
    linksIn(html)
      .map((href) => new URL(href, `http://site${page}`))
      .filter(({ origin, hash, pathname }) => {
        const target = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
        return origin === 'http://site' && hash !== '' && !anchors.get(target)?.has(decodeURIComponent(hash.slice(1)));
      })
      .map((link) => `  ${page}: ${link.pathname}${link.hash}`),
  );
  if (dead.length > 0) throw new Error(`${dead.length} links name an anchor that does not exist:\n${dead.join('\n')}`);
}

const anchorsIn = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
const linksIn = (html: string) => [...html.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href = '']) => href);
