import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { panelHandler } from '../../src/http/panel.ts';
import { startBeside } from '../support/start.ts';
import { usePanel } from './panel.ts';

/* The page of the panel itself: how it is served, and how large it is. */

const panel = usePanel();
const get = (path: string, headers: Record<string, string> = { accept: 'text/html' }) =>
  fetch(`${panel.origin}${path}`, { headers });

describe('the page', () => {
  test('is there for every address below /admin that a browser opens, and for nothing else', async () => {
    for (const path of ['/admin', '/admin/', '/admin/users/abc', '/admin/content/Post?page=2']) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      expect(await response.text(), path).toContain('<div id="panel">');
    }
    for (const [path, accept] of [
      ['/admin/users', 'application/json'],
      ['/admin/assets/gone-1234.js', 'text/html'],
      ['/admin/assets/../../package.json', 'text/html'],
      ['/admin/%2e%2e/package.json', '*/*'],
      ['/administrators', 'text/html'],
      ['/adminx', 'text/html'],
    ] as const) {
      expect((await get(path, { accept })).status, path).toBe(404);
    }
    expect((await fetch(`${panel.origin}/admin`, { method: 'POST' })).status).toBe(405);
  });

  test('leaves what has an address of its own: the endpoint, and the page of mailed links', async () => {
    expect(await (await get('/admin/reset-password')).text()).toContain('Choose a new password');
    const { data } = await panel.server.askAdmin('{ entrance { needsCode } }');
    expect(data.entrance).toEqual({ needsCode: false });
  });

  test('allows no script or style of its own text, nothing from elsewhere, and no framing', async () => {
    const { headers } = await get('/admin');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  test('has scripts that are kept for good and sent compressed', async () => {
    const [, script = ''] = /src="([^"]+\.js)"/.exec(await (await get('/admin')).text()) ?? [];
    const response = await get(script, { 'accept-encoding': 'br' });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const plain = await get(script, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(await response.text());
  });

  test('keeps within its budgets: 220 KB of scripts for any one screen, and 25 KB of styles, compressed', () => {
    const folder = new URL('../../src/generated/panel/assets/', import.meta.url);
    const sizes = new Map(
      readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder)).length] as const),
    );
    const page = readFileSync(new URL('../index.html', folder), 'utf8');
    const first = [...page.matchAll(/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name);
    const sizeOf = (names: readonly string[], as: string) =>
      names.reduce((sum, name) => sum + (sizes.get(`${name}${as}`) ?? 0), 0);
    const scripts = [...sizes.keys()].filter((name) => name.endsWith('.js'));
    // A screen is what the page begins with, the words of one language, and a few files of its own.
    const others = scripts
      .filter((name) => !first.includes(name))
      .toSorted((one, other) => sizeOf([other], '.br') - sizeOf([one], '.br'));
    const largest = [...first, ...others.slice(0, 4)];
    expect(sizeOf(first, '.br')).toBeGreaterThan(50_000);
    expect(sizeOf(largest, '.br')).toBeLessThan(220_000);
    // It grows with each screen and language, and nobody loads all of it.
    expect(sizeOf(scripts, '.br')).toBeLessThan(280_000);
    const styles = [...sizes.keys()].filter((name) => name.endsWith('.css'));
    expect(sizeOf(styles, '.gz')).toBeGreaterThan(1_000);
    expect(sizeOf(styles, '.gz')).toBeLessThan(25_000);
  });
});

test('behind a proxy that puts a path before it, the page and its scripts have that path', async () => {
  await using beside = await startBeside(panel.server, { port: 0, publicUrl: 'https://example.com/auth' });
  const origin = new URL(beside.url).origin;
  const headers = { accept: 'text/html' };
  // A proxy can pass the path on or remove it.
  for (const path of ['/auth/admin', '/auth/admin/users', '/admin/users']) {
    const page = await (await fetch(`${origin}${path}`, { headers })).text();
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page) ?? [];
    expect(script, path).toMatch(/^\/auth\/admin\/assets\//);
    expect(page, path).toContain('content="/auth/admin/"');
    expect((await fetch(`${origin}${script}`)).status, script).toBe(200);
    expect((await fetch(`${origin}${script.replace('/auth', '')}`)).status, script).toBe(200);
  }
});

test('ADMIN_PANEL=off leaves the endpoint and the page of mailed links', async () => {
  await using beside = await startBeside(panel.server, { port: 0, adminPanel: false });
  const origin = new URL(beside.url).origin;
  const statusOf = async (path: string) =>
    (await fetch(`${origin}${path}`, { headers: { accept: 'text/html' } })).status;
  expect(await statusOf('/admin')).toBe(404);
  expect(await statusOf('/admin/users')).toBe(404);
  expect(await statusOf('/admin/reset-password')).toBe(200);
  expect(await statusOf('/admin/graphql')).toBe(200); // GraphiQL
});

test('where the panel was not built, the page says so', async () => {
  const handler = panelHandler({ publicUrl: 'http://localhost', directory: join(tmpdir(), 'there is no such folder') });
  const server = createServer(
    (request, response) => void handler({ request, response, requestId: '', trace: undefined }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/admin`, { headers: { accept: 'text/html' } });
  server.close();
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('The panel was not built');
});

test('a first visit shows the log-in form, with nothing in the console', async () => {
  const { page, faults } = await panel.visit('/users');
  await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  expect(faults).toEqual([]);
});
