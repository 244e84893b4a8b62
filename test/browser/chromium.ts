import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';

/** Where Debian and others install it. `CHROMIUM` names another one. The one without windows takes half the work. */
const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine; undefined without one. */
export const BROWSER = PLACES.find((path) => path !== undefined && existsSync(path));

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  if (BROWSER === undefined) throw new Error('No Chromium: install it, or name it with CHROMIUM');
  return chromium.launch({ executablePath: BROWSER, args: QUIET });
}

/** What a page did that it must not: violations of its policy, errors, requests to elsewhere. */
export interface Watched {
  readonly page: Page;
  readonly faults: string[];
}

/** The requests of a page that are on their way. */
class Traffic {
  readonly #open = new Set<Request>();
  #waiting: (() => void)[] = [];

  begin(request: Request): void {
    this.#open.add(request);
  }

  end(request: Request): void {
    this.#open.delete(request);
    if (this.#open.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  isNone(): boolean {
    return this.#open.size === 0;
  }

  async none(): Promise<void> {
    if (!this.isNone()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

const trafficOf = new WeakMap<Page, Traffic>();

/** Waits until nothing is on its way, and what came last has led to nothing more. */
export async function noTraffic(page: Page): Promise<void> {
  const traffic = trafficOf.get(page);
  if (!traffic) throw new Error('This is no page of watchedPage()');
  for (let quiet = 0; quiet < 2; quiet = traffic.isNone() ? quiet + 1 : 0) {
    await traffic.none();
    await page.evaluate(twoFrames);
  }
}

/** After the second one, what the first one rendered has run its effects. */
function twoFrames(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
  });
}

/** Opens a page that is watched. */
export async function watchedPage(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`${message.type()}: ${message.text()} ${message.location().url}`);
    }
  });
  const traffic = new Traffic();
  trafficOf.set(page, traffic);
  page.on('requestfinished', (request) => traffic.end(request));
  page.on('requestfailed', (request) => traffic.end(request));
  page.on('request', (request) => {
    traffic.begin(request);
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('about:'))
      faults.push(`request: ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return { page, faults };
}
