import { createRequire } from 'node:module';
import { type Logger, pino, type SerializerFn } from 'pino';

const require = createRequire(import.meta.url);

export interface LogOptions {
  readonly production: boolean;
  /** A level of pino. */
  readonly logLevel: string;
}

/** The log of the server: lines of JSON, or, for a developer, lines to read. */
export function createLog({ production, logLevel }: LogOptions): Logger {
  const options = { level: logLevel, serializers: { err: withoutRows } };
  const output = standardOutput();
  if (production) return pino(options, output);
  const pretty = require('pino-pretty') as typeof import('pino-pretty'); // for developers only
  return pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }));
}

/** A terminal that was closed, or a pipe that nobody reads any more, ends the log and not the server. */
function standardOutput(): ReturnType<typeof pino.destination> {
  const output = pino.destination({ dest: 1, sync: true });
  output.on('error', () => {
    output.write = () => true; // or lines that cannot be written would be kept
  });
  return output;
}

/**
 * What of an error goes into the log: its name, message and stack, and those of its causes. Not what drivers hang on it
 * beside: PostgreSQL's detail of a failing row is the row, hashes of passwords and all.
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
