import { faultOfJson } from '../../common/bounded-json.ts';

/** What is wrong with a JSON value for a column; undefined: nothing. It never says the value. */
export function faultOfStoredJson(value: unknown): string | undefined {
  const fault = faultOfJson(value);
  return fault ?? (isStorable(value) ? undefined : 'must not have the character 0 or half of a surrogate pair');
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, one]) => isStorable(key) && isStorable(one));
}
