import type { StrapiData } from './source.ts';

/** A value of the core store as an object; undefined for anything else. */
export function dataIn(value: unknown): StrapiData | undefined {
  // An object of JSON has unknown values.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as StrapiData) : undefined;
}

/** A text that is not empty; undefined for anything else. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && !value.includes('\0') ? value : undefined;
}
