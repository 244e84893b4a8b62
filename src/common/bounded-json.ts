/** Bytes of one value, and how deep it nests. */
const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 20;

/** Names that are not data to every program that copies an object. */
const REFUSED_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * What is wrong with a JSON value of somebody else; undefined: nothing. It never says the value: it may be a secret.
 *
 * Refused are values of more than 64 KB or 20 levels, numbers that are not finite, and names such as `__proto__`.
 */
export function faultOfJson(value: unknown): string | undefined {
  const fault = faultAt(value, 1);
  if (fault !== undefined) return fault;
  return Buffer.byteLength(JSON.stringify(value) ?? '') > MAX_BYTES ? 'must have at most 64 KB' : undefined;
}

function faultAt(value: unknown, depth: number): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'must have finite numbers only';
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value !== 'object' || !isPlain(value)) return 'must be JSON';
  if (depth > MAX_DEPTH) return `must nest at most ${MAX_DEPTH} levels`;
  for (const name of Array.isArray(value) ? [] : Object.keys(value)) {
    if (REFUSED_NAMES.includes(name)) return `must not have the name ${name}`;
  }
  for (const inner of Object.values(value)) {
    const fault = faultAt(inner, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A Map, a Set or a Date would be written as an empty object. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
