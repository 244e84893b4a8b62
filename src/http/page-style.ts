import { createHash } from 'node:crypto';

/** The style of the server's own pages. */
export const PAGE_STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f4f5f7; color: #1c2330; }
main { max-width: 24rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 8px; box-shadow: 0 1px 4px #0002; }
h1 { font-size: 1.3rem; margin: 0 0 1rem; }
label { display: block; margin-bottom: 1rem; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: 0.5rem; margin-top: 0.25rem; }
button { font: inherit; padding: 0.6rem 1.2rem; border: 0; border-radius: 4px; background: #1a56db; color: #fff; cursor: pointer; }
output { display: block; margin-top: 1rem; }
.code { font-size: 1.8rem; letter-spacing: 0.15em; }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
`;

/** The hash that allows an inline script or style (CSP 3, 2.3.1). */
export function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
