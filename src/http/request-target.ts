import type { IncomingMessage } from 'node:http';

/** What a request is for (RFC 9112, 3.2). */
export interface Target {
  /** The server that is meant, with its port; undefined where nobody says. */
  readonly host: string | undefined;
  readonly path: string;
  /** With the `?`; empty where there is none. */
  readonly query: string;
}

/** The target of a request, in the form that clients send to a server, or to a proxy: then its host is what counts. */
export function targetOf({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): Target {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  const [host, rest] = absolute ? [absolute[1], absolute[2] ?? ''] : [headers.host, url];
  const start = rest.indexOf('?');
  const path = start === -1 ? rest : rest.slice(0, start);
  return { host, path: path || '/', query: start === -1 ? '' : rest.slice(start) };
}

/**
 * Finds which of the server's paths is meant: a `/` at the end changes nothing, and where the server's public address has a
 * path of its own, a proxy may leave that in front or take it away.
 */
export function pathFinder(paths: Iterable<string>, publicUrl: string): (path: string) => string {
  const known = new Set(paths);
  const front = new URL(publicUrl).pathname.replace(/\/+$/, '');
  return (path) => {
    if (known.has(path)) return path;
    const bare = path.endsWith('/') ? path.slice(0, -1) : path;
    if (known.has(bare)) return bare;
    const behind = front && bare.startsWith(`${front}/`) ? bare.slice(front.length) : '';
    return known.has(behind) ? behind : path;
  };
}
