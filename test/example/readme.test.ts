import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocksIn, pages } from '../support/documents.ts';
import { startServer, type TestServer } from '../support/start.ts';

const README = readFileSync('README.md', 'utf8');
const blocks = codeBlocksIn('README.md');

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

test('it is at most 200 lines long', () => {
  expect(README.split('\n').length).toBeLessThanOrEqual(200);
});

test('its session has the outcome that stands there, request by request', async () => {
  const requests = blocks.flatMap(({ language, label, text }, index) => {
    return language === 'sh' && label === 'curl' ? [{ command: text, response: blocks[index + 1]?.text ?? '' }] : [];
  });
  expect(requests.length).toBeGreaterThan(3);
  let token = '';
  for (const { command, response } of requests) {
    const { headers, body } = requestOf(command, token);
    const answer = await fetch(server.url, { method: 'POST', headers, body });
    const result = (await answer.json()) as { data?: { login?: { jwt: string } } };
    token = result.data?.login?.jwt ?? token;
    expect(shortened(result)).toEqual(shortened(JSON.parse(response)));
  }
});

test('its content type is that of the page on content types', () => {
  const [declaration] = blocks.filter(({ language }) => language === 'ts');
  const recipe = codeBlocksIn('docs/extending.md').map(({ text }) => text);
  expect(recipe).toContain(declaration?.text);
});

test('it names every page', () => {
  for (const page of pages.filter((one) => /^docs\/[^/]+$/.test(one))) expect(README, page).toContain(`](${page})`);
});

/** What a command of curl sends, with the token of the login before in the place of `$TOKEN`. */
function requestOf(command: string, token: string): { headers: Headers; body: string } {
  const after = (option: string) =>
    [...command.matchAll(new RegExp(` ${option} (?:'([^']*)'|"([^"]*)")`, 'g'))].map(
      (match) => match[1] ?? match[2] ?? '',
    );
  const headers = new Headers();
  for (const header of after('-H')) {
    const [, name = '', value = ''] = /^(.+?): (.*)$/.exec(header.replace('$TOKEN', token)) ?? [];
    headers.set(name, value);
  }
  return { headers, body: after('-d')[0] ?? '' };
}

/** A result whose tokens are cut, as the page has them. */
function shortened(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result).replace(/"eyJ[^"]*"/g, '"a token"'));
}
