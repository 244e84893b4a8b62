import { z } from 'zod';
import { host, pairs, url, wholeNumber } from '../formats.ts';
import { variable } from '../variable.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The log, metrics and traces. */
export function telemetryVariables() {
  return {
    LOG_LEVEL: variable(z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'), {
      description: `${LOG_LEVELS.slice(0, -1)
        .map((level) => `\`${level}\``)
        .join(', ')} or \`silent\`.`,
      default: 'info',
    }),
    METRICS_PORT: variable(wholeNumber(0, 65_535).optional(), {
      description: 'Metrics for Prometheus at `/metrics`, on a port of their own.',
      otherwise: 'no such port',
      example: '9464',
    }),
    METRICS_HOST: variable(host().default('127.0.0.1'), {
      description: 'The address that `METRICS_PORT` is opened on.',
      default: '127.0.0.1',
    }),
    METRICS_TOKEN: variable(
      z
        .string()
        .regex(/^[\w.~+/=-]{16,200}$/, 'expected 16 to 200 characters of a bearer token')
        .optional(),
      {
        description: 'Metrics at `/metrics` on `PORT`, for clients that send this bearer token.',
        otherwise: 'no metrics on `PORT`',
      },
    ),
    OTEL_EXPORTER_OTLP_ENDPOINT: variable(url(['http:', 'https:']).optional(), {
      description: 'Where spans of requests are sent, as OpenTelemetry (OTLP over HTTP).',
      otherwise: 'no spans',
      example: 'http://127.0.0.1:4318',
    }),
    OTEL_EXPORTER_OTLP_HEADERS: variable(pairs().optional(), {
      description: 'Headers to send with spans: `name=value`, separated by commas.',
    }),
    OTEL_SERVICE_NAME: variable(z.string().trim().min(1).default('gatehouse'), {
      description: 'The name of this service in spans.',
      default: 'gatehouse',
    }),
  };
}
