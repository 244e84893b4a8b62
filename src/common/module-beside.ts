import { extname } from 'node:path';

/**
 * The file of a module by a path that is relative to the one that asks, for what Node starts by itself (a thread, a process):
 * `.ts` among the sources, `.js` among what was built of them.
 *
 * @param path without an extension.
 */
export function moduleBeside({ url }: Pick<ImportMeta, 'url'>, path: string): URL {
  return new URL(`${path}${extname(url)}`, url);
}
