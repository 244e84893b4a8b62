import { isObject } from './condition.ts';
import type { Grant } from './held.ts';

const KEYS: readonly string[] = ['where', 'fields', 'check', 'set'];

export type ReadJson =
  | { readonly grants: readonly Grant[] }
  /** It is no JSON. The place is undefined where the browser does not tell it. */
  | { readonly fault: 'syntax'; readonly place: { readonly line: number; readonly column: number } | undefined }
  | { readonly fault: 'list' }
  | { readonly fault: 'object'; readonly index: number }
  | { readonly fault: 'key'; readonly index: number; readonly key: string }
  | { readonly fault: 'fields'; readonly index: number };

/** Grants from the text that somebody typed. What a condition means is for the server to judge. */
export function readGrantsJson(text: string): ReadJson {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { fault: 'syntax', place: placeOf(text, error instanceof Error ? error.message : '') };
  }
  if (!Array.isArray(json)) return { fault: 'list' };
  for (const [index, grant] of json.entries()) {
    if (!isObject(grant)) return { fault: 'object', index };
    const key = Object.keys(grant).find((one) => !KEYS.includes(one));
    if (key !== undefined) return { fault: 'key', index, key };
    const { fields } = grant;
    const isList = Array.isArray(fields) && fields.every((name) => typeof name === 'string');
    if (fields !== undefined && !isList) return { fault: 'fields', index };
  }
  return { grants: json as Grant[] };
}

/** Where the fault is: each browser says it in its own words. */
export function placeOf(text: string, message: string): { line: number; column: number } | undefined {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line && column) return { line: Number(line), column: Number(column) };
  const [, position] = /position (\d+)/.exec(message) ?? [];
  const before = position
    ? text.slice(0, Number(position))
    : /end of (JSON|data)|unterminated/i.test(message)
      ? text
      : undefined;
  if (before === undefined) return undefined;
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
