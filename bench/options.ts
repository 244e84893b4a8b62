import { parseArgs } from 'node:util';

/** How long and how often to measure. */
export interface BenchOptions {
  /** About how long each question is asked of each server in a round. */
  readonly seconds: number;
  readonly rounds: number;
  /** About how many seconds each server is warmed up, with all its questions together. */
  readonly warmUp: number;
  /** Print JSON and no table. */
  readonly json: boolean;
}

/**
 * Reads the command line: `--rounds 5`, `--seconds 0.7`, `--quick` (two short rounds), `--json`.
 *
 * @throws Error for an argument that is unknown or no positive number.
 */
export function parseOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: positive('--seconds', values.seconds ?? (values.quick ? '0.25' : '0.7')),
    rounds: Math.ceil(positive('--rounds', values.rounds ?? (values.quick ? '2' : '5'))),
    warmUp: values.quick ? 0.3 : 2,
    json: values.json,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1_000)) throw new Error(`${name} takes a positive number, and got ${text}`);
  return value;
}
