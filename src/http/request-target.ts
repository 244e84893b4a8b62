import type { IncomingMessage } from 'node:http';

/** The target of a request (RFC 9112, 3.2). */
export interface Target {
  /** With the port; undefined when the request names none. */
  readonly host: string | undefined;
  readonly path: string;
  /** With the `?`, or empty. */
  readonly query: string;
}

/** Reads the target in origin-form, or in absolute-form, whose host overrides the `Host` header. */
export function targetOf({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const [host, rest] = absolute ? [absolute[1], absolute[2] ?? ''] : [headers.host, url];
  const start = rest.indexOf('?');
  const path = start === -1 ? rest : rest.slice(0, start);
  return { host, path: path || '/', query: start === -1 ? '' : rest.slice(start) };
}

/**
 * Maps a request's path to one of the server's paths: ignores a trailing `/`, and the path of the public URL, which a proxy may
 * or may not strip. A path of the server that ends in `/*` stands for all below it.
 */
export function pathFinder(paths: Iterable<string>, publicUrl: string): (path: string) => string {
  const exact = new Set(paths);
  const folders = [...exact].filter((path) => path.endsWith('/*')).map((path) => path.slice(0, -1));
  const known = { has: (path: string) => exact.has(path) || folders.some((folder) => path.startsWith(folder)) };
  const front = new URL(publicUrl).pathname.replace(/\/+$/, '');
  return (path) => {
    if (exact.has(path)) return path;
    const bare = path.endsWith('/') ? path.slice(0, -1) : path;
    if (known.has(bare)) return bare;
    const behind = front && bare.startsWith(`${front}/`) ? bare.slice(front.length) : '';
    return known.has(behind) ? behind : path;
  };
}
