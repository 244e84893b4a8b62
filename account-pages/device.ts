import { say } from './config.ts';

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*Safari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** The longest text of a client that is shown. */
const LONGEST = 80;

/** What a person calls the program of a session; of one that is not known, its own words. */
export function deviceName(userAgent: string | null): string {
  if (userAgent === null || userAgent.trim() === '') return say('unknownDevice');
  const of = (list: typeof BROWSERS) => list.find(([form]) => form.test(userAgent))?.[1];
  const [browser, system] = [of(BROWSERS), of(SYSTEMS)];
  if (browser !== undefined && system !== undefined) return say('deviceOn', { browser, system });
  return userAgent.length > LONGEST ? `${userAgent.slice(0, LONGEST)}…` : userAgent;
}
