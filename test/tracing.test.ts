import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { SECRETS } from './support/process.ts';
import { startServer } from './support/start.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

/** A collector of OpenTelemetry, as far as it takes spans. */
let collector: Server;
const spans: Span[] = [];
const sent: string[] = [];
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    sent.push(`${request.method} ${request.url} ${request.headers['x-key']}`);
    for (const { scopeSpans } of JSON.parse(body).resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
});
afterAll(() => collector?.close());

test('spans go to the collector that is configured, as part of the trace of who asked', async () => {
  const { port } = collector.address() as AddressInfo;
  const { tracing } = readConfig({
    NODE_ENV: 'production',
    ...SECRETS,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key',
  });
  const server = await startServer({ config: { tracing } });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const secret = 'hunter2-of-nobody';
  await server.ask('{ posts { title } }', { headers: { traceparent } });
  await server.ask('{ posts { title } }', { token: secret, headers: { traceparent } });
  await fetch(server.url.replace(/graphql$/, secret));
  await server.close();

  expect(new Set(sent)).toEqual(new Set(['POST /v1/traces a key']));
  const [request, refused] = spans.filter(({ name }) => name === 'POST /graphql');
  expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId).map(({ name }) => name);
  expect(parts).toEqual(['authenticate', 'operation']);
  expect(request?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 200 } });
  expect(spans.find(({ parentSpanId }) => parentSpanId === refused?.spanId)).toMatchObject({
    name: 'authenticate',
    status: { code: 2 },
  });
  expect(spans.map(({ name }) => name)).toContain('GET other');
  // Nothing that a client sent is told.
  expect(JSON.stringify(spans)).not.toContain(secret);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
  [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
  [{ METRICS_TOKEN: 'hunter2' }, 'METRICS_TOKEN'],
])('%o is a problem of the environment', (environment, name) => {
  expect(() => readConfig({ NODE_ENV: 'production', ...SECRETS, ...environment })).toThrow(name);
  expect(() => readConfig({ NODE_ENV: 'production', ...SECRETS, ...environment })).not.toThrow(/hunter2|%zz/);
});
