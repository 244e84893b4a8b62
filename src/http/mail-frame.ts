import type { Exchange } from './route-handler.ts';

/**
 * An empty page that the panel shows the HTML of a mail in, in a frame.
 *
 * Documents without an address of their own (`srcdoc`, `data:`, `blob:`) have the policy of the page that made them, so that a
 * mail's own styles would be refused in them. This one has its own: it allows styles, and nothing that runs, loads or is sent.
 */
export function mailFrame({ response }: Exchange): void {
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('X-Frame-Options', 'SAMEORIGIN');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-cache');
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
}

/** `sandbox` without `allow-scripts`: whatever comes into it, no script of it runs, opened by itself or in a frame. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  'sandbox allow-same-origin',
].join('; ');

const PAGE =
  '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Mail</title>\n</head>\n<body></body>\n</html>\n';
