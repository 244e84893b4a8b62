import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { createAdmin } from '../../src/administration/admins.ts';
import { NO_CEILING } from '../../src/administration/permission-ceiling.ts';
import { SERVER } from '../../src/audit/actor.ts';
import type { AdminRole } from '../../src/generated/prisma/client.ts';
import { type StartOptions, startServer, type TestServer } from '../support/start.ts';
import { launch, noTraffic, watchedPage } from './chromium.ts';

/** A server with its panel, in a browser. */
export interface Panel {
  readonly server: TestServer;
  /** `http://127.0.0.1:41234` */
  readonly origin: string;
  readonly browser: Browser;
  /** Opens the panel in a browser of its own, where nobody is logged in. */
  visit(path: string, look?: Look): Promise<Visit>;
  /** The same, in a browser where a new administrator is logged in. */
  visitAs(role: AdminRole, path?: string, look?: Look): Promise<Visit>;
  /** An administrator with the demo password. */
  administrator(role: AdminRole): Promise<string>;
}

export interface Look {
  /** In pixels. Default: 1280. */
  readonly width?: number;
  readonly dark?: boolean;
  /** Lets the test inject axe. The policy is the page's own everywhere else. */
  readonly withoutPolicy?: boolean;
  /** The test sets the clock of its pages, which is the whole browser's. */
  readonly ownBrowser?: boolean;
}

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly look: Look;
  readonly email: string;
  /** What the page did that it must not. */
  readonly faults: string[];
  /** Goes to another screen by its address, and waits until it is there. */
  open(path: string): Promise<void>;
}

/**
 * A panel for the tests of a file, with one administrator or, where it is `empty`, without any. A test's visits end with it, so that no
 * page of one asks on during the next. No page may have violated its policy, failed, or asked elsewhere.
 *
 * @param hostname browsers have no passkeys for an address.
 */
export function usePanel({
  empty = false,
  hostname = '127.0.0.1',
  ...options
}: StartOptions & { readonly empty?: boolean; readonly hostname?: '127.0.0.1' | 'localhost' } = {}): Panel {
  const panel: { -readonly [Key in keyof Panel]?: Panel[Key] } = {};
  const visits: Visit[] = [];
  // A browser that was used before has the scripts of the panel already, which is half of a visit.
  const usedBefore = new Map<string, BrowserContext[]>();
  let visitsBefore = 0;
  beforeAll(async () => {
    const port = await freePort();
    const origin = `http://${hostname}:${port}`;
    const server = await startServer({ ...options, config: { port, publicUrl: origin, ...options.config } });
    Object.assign(panel, { server, origin, browser: await launch() });
    if (!empty) await administrator('ADMINISTRATOR');
  });
  beforeEach(() => {
    visitsBefore = visits.length;
  });
  afterEach(async () => {
    const ended = visits.splice(visitsBefore);
    await endVisits(ended);
    for (const { context, look } of ended) {
      if (look.ownBrowser) await context.close();
      else keep(context, look);
    }
  });
  afterAll(async () => {
    await endVisits(visits);
    await panel.browser?.close();
    await panel.server?.close();
  });

  function keep(context: BrowserContext, look: Look): void {
    const key = JSON.stringify(look);
    usedBefore.set(key, [...(usedBefore.get(key) ?? []), context]);
  }

  async function contextOf(look: Look): Promise<BrowserContext> {
    const { width = 1280, dark = false, withoutPolicy = false } = look;
    const kept = usedBefore.get(JSON.stringify(look))?.pop();
    if (kept) return kept;
    const context = await (panel as Panel).browser.newContext({
      viewport: { width, height: 860 },
      colorScheme: dark ? 'dark' : 'light',
      bypassCSP: withoutPolicy,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    context.setDefaultTimeout(30_000);
    return context;
  }

  async function newVisit(look: Look = {}): Promise<Visit> {
    const { origin } = panel as Panel;
    const context = await contextOf(look);
    const { page, faults } = await watchedPage(context, origin);
    const open = async (to: string) => {
      await page.goto(`${origin}/admin${to}`);
      await settled(page);
    };
    const made = { page, context, look, faults, email: '', open };
    visits.push(made);
    return made;
  }

  async function visit(path: string, look?: Look): Promise<Visit> {
    const made = await newVisit(look);
    await made.open(path);
    return made;
  }

  async function administrator(role: AdminRole): Promise<string> {
    const { gatehouse } = (panel as Panel).server;
    const email = `${role === 'READ_ONLY' ? 'reader' : 'admin'}-${Math.random().toString(36).slice(2, 8)}@example.org`;
    const admin = { email, name: undefined, role, password: DEMO_PASSWORD };
    await createAdmin(gatehouse.administration, { actor: SERVER, ceiling: NO_CEILING }, admin);
    return email;
  }

  return Object.assign(panel, {
    visit,
    administrator,
    async visitAs(role: AdminRole, path = '/', look: Look = {}) {
      const email = await administrator(role);
      const made = await newVisit(look);
      await beginSession(made.context, (panel as Panel).origin, email);
      await made.open(path);
      return { ...made, email };
    },
  }) as Panel;
}

/** Gives a browser the cookie of a session, as the log-in form does. */
async function beginSession({ request }: BrowserContext, origin: string, email: string): Promise<void> {
  const response = await request.post(`${origin}/admin/graphql`, {
    data: {
      query:
        'mutation ($email: String!, $password: String!) { login(email: $email, password: $password, cookie: true) { expiresAt } }',
      variables: { email, password: DEMO_PASSWORD },
    },
  });
  expect((await response.json()).errors).toBeUndefined();
}

async function endVisits(visits: readonly Visit[]): Promise<void> {
  for (const { context } of visits) {
    await Promise.all(context.pages().map((page) => page.close()));
    await context.clearCookies();
  }
  expect(visits.flatMap(({ faults }) => faults)).toEqual([]);
}

/** Fills in the log-in form. */
export async function logIn(page: Page, email: string, password = DEMO_PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page
    .getByRole('navigation', { name: 'Navigation' })
    .or(page.getByRole('button', { name: 'Open navigation' }))
    .first()
    .waitFor();
}

/** Waits until nothing is loading any more. An open dialog hides the heading of its page from assistive technology. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, includeHidden: true }).first().waitFor();
  await noTraffic(page);
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** What axe finds on a page that was opened without its policy: the rule, and where. All rules, or only these. */
export async function accessibilityFaults(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      readonly axe: {
        run(options: object): Promise<{
          readonly violations: readonly {
            readonly id: string;
            readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
          }[];
        }>;
      };
    };
    const { violations } = await axe.run(only ? { runOnly: [...only] } : {});
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
  }, rules);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
