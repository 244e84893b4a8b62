import type { ServerResponse } from 'node:http';
import { hashSource, PAGE_STYLE } from '../page-style.ts';

/** A page that only says something. */
export interface MessagePage {
  readonly title: string;
  readonly message: string;
  /** More, as pairs of a name and a value. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
}

const POLICY = [
  `default-src 'none'`,
  `style-src '${hashSource(PAGE_STYLE)}'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
].join('; ');

/** No script runs in it, and nothing else is loaded. */
export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': POLICY,
  'Referrer-Policy': 'no-referrer',
} as const;

/** Sends a page. */
export function sendMessagePage(response: ServerResponse, status: number, page: MessagePage): void {
  response.writeHead(status, PAGE_HEADERS);
  response.end(htmlOf(page));
}

/** The page, to be sent with `PAGE_HEADERS`. */
export function htmlOf({ title, message, facts = [] }: MessagePage): string {
  const rows = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(message)}</p>
${rows === '' ? '' : `<dl>\n${rows}\n</dl>`}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
