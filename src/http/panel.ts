import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import Negotiator from 'negotiator';
import { ApiError } from '../common/errors.ts';
import type { Exchange, Handler } from './route-handler.ts';

export interface PanelOptions {
  /** The URL at which clients reach this server. */
  readonly publicUrl: string;
  /** Where the built files are. Default: where the build writes them. */
  readonly directory?: string;
}

/**
 * Serves the panel: its built files, and its page for every other address below `/admin/`, which the panel itself reads. Where it
 * was not built, the page says so.
 */
export function panelHandler({ publicUrl, directory = BUILT }: PanelOptions): Handler {
  // Listed once: no path of a request becomes a path of the file system.
  const files = new Map(filesIn(directory).map((file) => [`/admin/${file.name}`, file]));
  const front = new URL(publicUrl).pathname.replace(/\/+$/, '');
  const page = files.get('/admin/index.html');
  return (exchange) => {
    const { request, response } = exchange;
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const file = files.get(path);
    if (file && file !== page) {
      // Their names have the hash of their content.
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
      send(exchange, file, file.type);
      return;
    }
    // What is no page (a script of an older version, say) must not be answered with one.
    if (path.startsWith('/admin/assets/') || !request.headers.accept?.includes('text/html')) {
      throw new ApiError('NOT_FOUND', 'There is nothing here');
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Content-Security-Policy', PANEL_POLICY);
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    if (!page) {
      response.writeHead(503, { 'Content-Type': 'text/html; charset=utf-8' }).end(NOT_BUILT);
      return;
    }
    page.front ??= withFront(page.content, front);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page.front);
  };
}

/** No inline script or style, nothing from elsewhere, and no text that becomes HTML. */
export const PANEL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Beside what is compiled: `src/generated/panel/` or `dist/generated/panel/`. */
const BUILT = fileURLToPath(new URL('../generated/panel/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface BuiltFile {
  /** Relative, with `/`: `assets/index-D2xk.js`. */
  readonly name: string;
  readonly type: string;
  /** Read when it is first asked for. */
  readonly content: Buffer;
  readonly compressed: ReadonlyMap<string, () => Buffer>;
  /** The page, with the addresses that clients see. */
  front?: string;
}

function filesIn(directory: string): BuiltFile[] {
  let paths: string[];
  try {
    paths = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return []; // not built
  }
  const known = new Set(paths);
  return paths
    .filter((path) => Object.hasOwn(TYPES, extname(path)))
    .map((path) => {
      const read = remembered(path);
      return {
        name: relative(directory, path).split(sep).join('/'),
        type: TYPES[extname(path)] ?? '',
        get content() {
          return read();
        },
        compressed: new Map(
          ENCODINGS.filter(([, extension]) => known.has(`${path}${extension}`)).map(([encoding, extension]) => [
            encoding,
            remembered(`${path}${extension}`),
          ]),
        ),
      };
    });
}

function remembered(path: string): () => Buffer {
  let content: Buffer | undefined;
  return () => (content ??= readFileSync(path));
}

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

function send({ request, response }: Exchange, { content, compressed }: BuiltFile, type: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Vary', 'Accept-Encoding');
  const accepted = new Set(new Negotiator(request).encodings());
  const encoding = ENCODINGS.map(([name]) => name).find((name) => accepted.has(name) && compressed.has(name));
  const body = encoding === undefined ? undefined : compressed.get(encoding)?.();
  if (encoding !== undefined && body) response.setHeader('Content-Encoding', encoding);
  response.writeHead(200).end(body ?? content);
}

/** The page is built for `/admin/`; where clients reach the server below another path, that comes first. */
function withFront(page: Buffer, front: string): string {
  return page.toString('utf8').replaceAll('"/admin/', () => `"${front}/admin/`);
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Gatehouse</title>
</head>
<body>
<h1>The panel was not built</h1>
<p>Run <code>npm run build</code>, or look at what the last <code>npm start</code> printed. The server itself, and <code>/admin/graphql</code>, work without it.</p>
</body>
</html>
`;
