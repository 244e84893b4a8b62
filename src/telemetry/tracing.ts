import type { IncomingHttpHeaders } from 'node:http';
import { defaultTextMapGetter, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** Where spans go, by the variables of OpenTelemetry. */
export interface TracingConfig {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: spans are posted to `/v1/traces` beneath it. */
  readonly endpoint: string;
  /** `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers: Readonly<Record<string, string>>;
  /** `OTEL_SERVICE_NAME`. */
  readonly service: string;
}

/** Sends spans of requests to an OpenTelemetry collector. */
export interface Tracing {
  /** Begins the span of a request, as part of its client's trace (`traceparent`). */
  begin(request: {
    readonly method: string;
    readonly headers: IncomingHttpHeaders;
    readonly requestId: string;
  }): RequestTrace;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface RequestTrace {
  /** A part of it. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** `path` is one of a closed list, never a path that a client made up. */
  end(path: string, status: number): void;
}

/** Loaded only where an exporter is configured. */
export function createTracing({ endpoint, headers, service }: TracingConfig): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers: { ...headers } });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('gatehouse');
  const propagator = new W3CTraceContextPropagator();
  return {
    begin({ method, headers, requestId }) {
      const from = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const attributes = { 'http.request.method': method, 'gatehouse.request_id': requestId };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, from);
      const within = trace.setSpan(from, span);
      return {
        async step(name, work) {
          const part = tracer.startSpan(name, {}, within);
          try {
            return await work();
          } catch (error) {
            part.setStatus({ code: SpanStatusCode.ERROR });
            throw error;
          } finally {
            part.end();
          }
        },
        end(path, status) {
          span.updateName(`${method} ${path}`);
          span.setAttributes({ 'http.route': path, 'http.response.status_code': status });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    close: () => provider.shutdown(),
  };
}
