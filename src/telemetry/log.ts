import { createRequire } from 'node:module';
import { type Logger, pino, type SerializerFn } from 'pino';

const require = createRequire(import.meta.url);

export interface LogOptions {
  readonly production: boolean;
  /** A level of pino. */
  readonly logLevel: string;
}

/** The log of the server: JSON lines in production, readable lines in development. */
export function createLog({ production, logLevel }: LogOptions): Logger {
  const options = { level: logLevel, serializers: { err: withoutRows } };
  const output = standardOutput();
  if (production) return pino(options, output);
  const pretty = require('pino-pretty') as typeof import('pino-pretty'); // for developers only
  return pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}

/** A closed terminal or pipe ends the log, not the server. */
function standardOutput(): ReturnType<typeof pino.destination> {
  const output = pino.destination({ dest: 1, sync: true });
  output.on('error', () => {
    output.write = () => true; // otherwise unwritten lines would pile up in memory
  });
  return output;
}

/**
 * The parts of an error that are logged: name, message and stack, and those of its causes. Not what drivers add: PostgreSQL's
 * detail of a failing row is the whole row, with password hashes.
 */
export const withoutRows: SerializerFn = (error: unknown) => {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause instanceof Error && { cause: withoutRows(cause) }),
  };
};
