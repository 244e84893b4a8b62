import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { logoAddress, type PageLook, styleOf } from './look.ts';
import { createSpeak, type OwnWords, type Speak, type Spoken } from './words/words.ts';

/** What an application says about the server's own pages: its name, its logo, its look and its words. */
export interface AccountPages {
  /** The name of the application, above the title of every page. */
  readonly name?: string;
  /** A file of yours, 64 KB at most: `new URL('./logo.svg', import.meta.url)`. */
  readonly logo?: URL;
  readonly look?: PageLook;
  /** Other words than ours, and other languages. */
  readonly words?: OwnWords;
}

/** What is different in each page. */
export interface PageContent {
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** A script in the page. */
  readonly script?: string;
  /** HTML for the head. */
  readonly head?: string;
  /** Directives of the policy beside those of every page. */
  readonly policy?: readonly string[];
}

/** The server's own pages: one look, and the language of the browser. */
export interface Pages {
  readonly speak: Speak;
  /** Sets the headers and the status of a page. Returns its HTML, which has to be sent. */
  write(response: ServerResponse, status: number, spoken: Spoken, content: PageContent): string;
  /** Sends a page. */
  send(response: ServerResponse, status: number, spoken: Spoken, content: PageContent): void;
}

/** @throws StartRefused for a look, a logo or words that cannot be used. */
export function createPages({ name, logo, look, words }: AccountPages = {}): Pages {
  const style = styleOf(look);
  const styleSource = hashSource(style);
  const image = logo === undefined ? '' : `<img src="${logoAddress(logo)}" alt="">`;
  const brand = name === undefined && logo === undefined ? '' : brandOf(image, name);

  function write(response: ServerResponse, status: number, { language }: Spoken, content: PageContent): string {
    const { title, body, script, head = '', policy = [] } = content;
    response.writeHead(status, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Language': language,
      Vary: varyOf(response),
      'Content-Security-Policy': [
        `default-src 'none'`,
        ...(script === undefined ? [] : [`script-src '${hashSource(script)}'`]),
        `style-src '${styleSource}'`,
        ...(script === undefined ? [] : [`connect-src 'self'`]),
        ...(policy.some((directive) => directive.startsWith('img-src')) || image === '' ? [] : ['img-src data:']),
        ...policy,
        `form-action 'none'`,
        `frame-ancestors 'none'`,
        `base-uri 'none'`,
        `require-trusted-types-for 'script'`,
      ].join('; '),
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(name === undefined ? title : `${title} – ${name}`)}</title>
${head}<style>${style}</style>
</head>
<body>
<main>
${brand}<h1>${escaped(title)}</h1>
${body}
</main>${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`;
  }

  return {
    speak: createSpeak(words),
    write,
    send: (response, status, spoken, content) => void response.end(write(response, status, spoken, content)),
  };
}

function brandOf(image: string, name = ''): string {
  return `<p class="brand">${image}<span>${escaped(name)}</span></p>\n`;
}

function varyOf(response: ServerResponse): string {
  const set = response.getHeader('Vary');
  return set === undefined ? 'Accept-Language' : `${set}, Accept-Language`;
}

/** The hash that allows an inline script or style (CSP 3, 2.3.1). */
function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Text for HTML, also in an attribute. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A value for a script in a page: nothing in it ends the script. */
export function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** The handler of a page that says the same to everybody, in their language. */
export function pageHandler(pages: Pages, contentOf: (spoken: Spoken) => PageContent) {
  const contents = new Map<string, PageContent>();
  return ({ request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse }): void => {
    const spoken = pages.speak(request);
    const content = contents.get(spoken.language) ?? contentOf(spoken);
    contents.set(spoken.language, content);
    pages.send(response, 200, spoken, content);
  };
}
