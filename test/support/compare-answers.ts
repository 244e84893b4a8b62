import type { ExecutionResult } from 'graphql';
import { expect } from 'vitest';
import type { Expected } from './naive-rules.ts';

interface Result {
  readonly data?: Record<string, unknown> | null | undefined;
  readonly errors?: readonly Refused[] | undefined;
}

interface Refused {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions: { readonly code?: unknown };
}

/** Compares what came back for the questions `q0`, `q1`, … with what must come back for them. */
export function compareAnswers(result: ExecutionResult | Result, expected: readonly Expected[]): void {
  const { data, errors = [] } = result as Result; // both have this shape
  for (const [index, { data: meant, refusals }] of expected.entries()) {
    const name = `q${index}`;
    const mine = errors.filter(({ path }) => path?.[0] === name);
    const got = mine.map(({ path = [], extensions }) => {
      const names = path.slice(1).filter((key) => typeof key === 'string');
      return `${extensions.code} ${names.join('.')}`;
    });
    expect(JSON.stringify(data?.[name]), JSON.stringify(errors)).toBe(JSON.stringify(meant));
    if (refusals) expect([...new Set(got)].sort()).toEqual(refusals);
    else expect(got.filter((refusal) => refusal.startsWith('FORBIDDEN')).length).toBeGreaterThan(0);
  }
}
