import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addressesOf } from './addresses.ts';
import { accessibilityFaults, usePanel, type Visit } from './panel.ts';

/*
 * Every screen, light and dark, on a desktop, at 200 % and on a phone: what axe finds, and whether something is wider than the page.
 * PANEL_SCREENSHOTS names a folder for a picture of each (npm run panel:screenshots).
 */

const panel = usePanel();

const PICTURES = process.env['PANEL_SCREENSHOTS'];
if (PICTURES) mkdirSync(PICTURES, { recursive: true });

const WIDTHS = { desktop: 1280, 'desktop at 200 %': 640, phone: 390 };
/** What can differ where only the place of things does: the page at 200 % has what it has on a phone. */
const RULES_OF_PLACE = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

test('no screen has a fault that axe finds, none is wider than the page, and each has a title of its own', async () => {
  const addresses = await addressesOf(panel.server);
  const guest = await panel.visit('/', { withoutPolicy: true });
  const administrator = await panel.visitAs('ADMINISTRATOR', '/', { withoutPolicy: true });
  const found: string[] = [];
  for (const { name, path, entrance } of addresses) {
    const visit = entrance ? guest : administrator;
    const { page } = visit;
    await page.setViewportSize({ width: WIDTHS.desktop, height: 860 });
    await visit.open(path);
    if ((await page.title()) === 'Gatehouse') found.push(`${name}: no title of its own`);
    const missing = await page.getByRole('heading', { name: 'This page does not exist' }).count();
    if (missing > 0 !== (name === 'not-found')) found.push(`${name}: ${missing > 0 ? 'is not there' : 'is there'}`);
    for (const [device, width] of Object.entries(WIDTHS)) {
      found.push(
        ...(await faultsAt(visit, width, PICTURES && `${name} ${device}`)).map(
          (fault) => `${name} on a ${device}: ${fault}`,
        ),
      );
    }
  }
  expect(found).toEqual([]);
});

async function faultsAt({ page }: Visit, width: number, picture: string | undefined): Promise<readonly string[]> {
  const found: string[] = [];
  await page.setViewportSize({ width, height: 860 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (PICTURES && picture) {
      const file = `${picture} ${colorScheme}`.replaceAll(/[^a-z0-9]+/g, '-');
      await page.screenshot({ path: join(PICTURES, `${file}.png`), fullPage: true });
    }
    const isBetween = width === WIDTHS['desktop at 200 %'];
    if (isBetween && colorScheme === 'dark') continue; // no colour is there only
    // In the dark only the colours differ.
    const rules = colorScheme === 'dark' ? ['color-contrast'] : isBetween ? RULES_OF_PLACE : undefined;
    found.push(...(await accessibilityFaults(page, rules)).map((fault) => `${colorScheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const tooWide = await widerThanPage(page);
  return tooWide === undefined ? found : [...found, tooWide];
}

async function widerThanPage(page: Page): Promise<string | undefined> {
  const [needed = 0, there = 0] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  return needed > there ? `${needed} px wide on ${there}` : undefined;
}
