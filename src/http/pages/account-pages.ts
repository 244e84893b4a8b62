import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { allowedRedirect } from '../../accounts/providers/redirects.ts';
import { targetOf } from '../request-target.ts';
import type { Handler } from '../route-handler.ts';
import type { AccountPageConfig, VisitorsAct } from './account-config.ts';
import { documentHash } from './document-hash.ts';
import { DOCUMENTS } from './documents.ts';
import { escaped, type PageContent, type Pages } from './pages.ts';
import type { Words } from './words/en.ts';
import { messagesIn, type Spoken } from './words/words.ts';

export interface AccountPageOptions {
  /** The URL at which clients reach this server. */
  readonly publicUrl: string;
  /** The pages of front ends that a login may return to. */
  readonly redirects: readonly string[];
  /** The domain of passkeys; undefined on a server without them. */
  readonly passkeysOf: string | undefined;
  /** What the settings and the permissions of visitors allow now. */
  readonly facts: () => Promise<Pick<AccountPageConfig, 'can' | 'cookie'>>;
  /** Whether the server executes trusted documents only, to which those of the pages belong. */
  readonly onlyTrusted: boolean;
  /** The built script. Default: where the build writes it. */
  readonly script?: string;
}

/** The title of each page, until its script says more. */
const TITLES: Readonly<Record<string, keyof Words>> = {
  '/account': 'sessionsTitle',
  '/account/login': 'loginTitle',
  '/account/register': 'registerTitle',
  '/account/forgot-password': 'forgotTitle',
  '/account/sessions': 'sessionsTitle',
  '/account/passkeys': 'passkeysTitle',
  '/account/factors': 'factorsTitle',
};

const SCRIPT_PATH = '/account/assets/account.js';

/**
 * The pages of an account: to log in, to register, and to see and change how one logs in. They are one script, which does all
 * of it at `/graphql`, as any front end would, and has no permissions of its own.
 */
export function accountPages(pages: Pages, options: AccountPageOptions): Readonly<Record<`GET ${string}`, Handler>> {
  const { publicUrl, script: file = BUILT } = options;
  const front = new URL(publicUrl).pathname.replace(/\/+$/, '');
  let script: { readonly content: Buffer; readonly path: string } | undefined;
  // Read when it is first asked for. Where it was not built, the next request looks again.
  const scriptOf = () => {
    if (script) return script;
    try {
      const content = readFileSync(file);
      const version = createHash('sha256').update(content).digest('base64url').slice(0, 12);
      script = { content, path: `${front}${SCRIPT_PATH}?v=${version}` };
    } catch {
      return undefined;
    }
    return script;
  };

  const page: Handler = async ({ request, response }) => {
    const spoken = pages.speak(request);
    const title = spoken.words[TITLES[pathOf(request)] ?? 'loginTitle'];
    const built = scriptOf();
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    if (!built) {
      pages.send(response, 503, spoken, { title, body: `<p>${escaped(spoken.words.notBuilt)}</p>` });
      return;
    }
    const config: AccountPageConfig = {
      front,
      language: spoken.language,
      words: spoken.words,
      messages: messagesIn(spoken),
      ...(await options.facts()),
      passkeysOf: options.passkeysOf ?? null,
      hashes: options.onlyTrusted ? HASHES : null,
      returnTo: returnTo(request, options),
      loginPage: `${publicUrl}/account/login`,
    };
    pages.send(response, 200, spoken, contentOf(title, config, built.path, spoken));
  };

  return {
    ...Object.fromEntries(Object.keys(TITLES).map((path) => [`GET ${path}`, page])),
    [`GET ${SCRIPT_PATH}`]: ({ request, response }) => {
      const built = scriptOf();
      const current = built?.path.endsWith(targetOf(request).query || '?');
      response.writeHead(built ? 200 : 404, {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cross-Origin-Resource-Policy': 'same-origin',
        // Its address has the hash of its content.
        'Cache-Control': current ? 'public, max-age=31536000, immutable' : 'no-store',
      });
      response.end(built?.content);
    },
  };
}

/** Beside what is compiled: `src/generated/account-pages/` or `dist/generated/account-pages/`. */
const BUILT = fileURLToPath(new URL('../../generated/account-pages/account.js', import.meta.url));

function pathOf(request: IncomingMessage): string {
  return targetOf(request).path;
}

/** As a login with a provider chooses it, and the account's own pages. Anything else is not returned to. */
function returnTo(request: IncomingMessage, { publicUrl, redirects }: AccountPageOptions): string | null {
  const asked = new URLSearchParams(targetOf(request).query).get('returnTo');
  // Without LOGIN_REDIRECTS, the account is where a login ends.
  if (asked === null && redirects.length === 0) return null;
  return allowedRedirect(asked, [...redirects, `${publicUrl}/account`])?.href ?? null;
}

function contentOf(title: string, config: AccountPageConfig, script: string, { words }: Spoken): PageContent {
  return {
    title,
    head: `<meta name="gatehouse" content="${escaped(JSON.stringify(config))}">\n`,
    body: `<div id="page"></div>
<noscript><p>${escaped(words.needsScript)}</p></noscript>
<script type="module" src="${escaped(script)}"></script>`,
    policy: ["script-src 'self'", "connect-src 'self'", 'img-src data:', "trusted-types 'none'"],
  };
}

/** What visitors need permissions for, and the setting that also has to be on. */
export const VISITORS_ACTIONS: Readonly<Record<VisitorsAct, string>> = {
  register: 'auth.register',
  forgotPassword: 'auth.forgotPassword',
  loginWithCode: 'auth.loginWithCode',
  loginWithPasskey: 'auth.loginWithPasskey',
  connect: 'auth.connect',
};

const HASHES = Object.fromEntries(Object.entries(DOCUMENTS).map(([name, text]) => [name, documentHash(text)]));
