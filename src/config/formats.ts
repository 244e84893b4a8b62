import { z } from 'zod';
import type { UrlProblem } from '../common/url.ts';

/** A host, as it can stand in a URL. */
export function host() {
  return z
    .string()
    .trim()
    .refine(
      (value) => /^[\w.:-]+$/.test(value) && URL.canParse(`http://${urlHost(value)}:1/`),
      'expected an address or a name of this machine, without http:// and without a port',
    );
}

export function wholeNumber(least: number, most: number) {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= least && value <= most, expected);
}

/** `name=value,other=value`, each value percent-encoded. */
export function pairs() {
  const expected = 'expected name=value, separated by commas';
  return z
    .string()
    .regex(/^[\w-]+=[^,\s]*(?:,\s*[\w-]+=[^,\s]*)*$/, expected)
    .transform((list, context) => {
      try {
        return Object.fromEntries(
          list.split(',').map((pair) => {
            const [name = '', ...value] = pair.trim().split('=');
            return [name, decodeURIComponent(value.join('='))];
          }),
        );
      } catch {
        context.addIssue({ code: 'custom', message: expected, input: undefined });
        return z.NEVER;
      }
    });
}

export function url(protocols: readonly string[]) {
  const expected = `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return z
    .string()
    .trim()
    .refine(
      (value) => protocols.some((protocol) => value.startsWith(`${protocol}//`)) && URL.canParse(value),
      expected,
    );
}

/** A URL with a password: problems are reported without a part of it. */
export function urlReadBy(read: (text: string) => object | { readonly problems: readonly UrlProblem[] }) {
  return z
    .string()
    .trim()
    .superRefine((value, context) => {
      const result = read(value);
      if (!('problems' in result)) return;
      context.addIssue({ code: 'custom', message: result.problems.join('; '), input: undefined });
    });
}

export function flag(on: string, off: string) {
  return z
    .string()
    .trim()
    .toLowerCase()
    .refine((value) => value === on || value === off, `expected ${on} or ${off}`)
    .transform((value) => value === on);
}

/** In seconds. */
export function duration(usual: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,7}[smhdw]$/, 'expected a number and a unit (s, m, h, d, w), such as 30d, 12h or 900s')
    .default(usual)
    .transform(seconds);
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

function seconds(duration: string): number {
  const unit = duration.at(-1) as keyof typeof SECONDS; // the pattern above allows no other
  return Number(duration.slice(0, -1)) * SECONDS[unit];
}

export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
