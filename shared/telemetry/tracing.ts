import { createHash } from 'node:crypto';
import { type Tracer as OpenTelemetryTracer, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Span, Tracer } from '@tradewind/utils';

export interface TracingOptions {
  readonly service: string;
  /** Of all correlation ids, which share is traced, from 0 to 1. */
  readonly share: number;
  /** Where spans go; see `otlpProcessor`. */
  readonly processor: SpanProcessor;
}

export interface Tracing extends Tracer {
  /** Sends what is left, and waits for it a second at most. */
  close(): Promise<void>;
}

/**
 * Spans whose trace is the correlation id: services that run apart need to hand one another nothing else for their spans to
 * stand together, and each decides alike whether an id is traced.
 */
export function tracing({ service, share, processor }: TracingOptions): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('tradewind');
  return {
    start: (name, correlationId, attributes) =>
      isTraced(correlationId, share) ? started(tracer, name, correlationId, attributes) : NO_SPAN,
    close: () => provider.shutdown().catch(() => undefined),
  };
}

/** Batches with a bounded queue that drops, and time limits, to an OTLP address over HTTP: an address that hangs changes nothing. */
export const otlpProcessor = (url: string): SpanProcessor =>
  new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url, timeoutMillis: 1000 }),
    maxQueueSize: 2048,
    scheduledDelayMillis: 1000,
    exportTimeoutMillis: 1000,
  });

const NO_SPAN: Span = { end: () => undefined };

function started(
  tracer: OpenTelemetryTracer,
  name: string,
  correlationId: string,
  attributes: Readonly<Record<string, string>> | undefined,
): Span {
  const digest = createHash('sha256').update(correlationId).digest('hex');
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: digest.slice(0, 32),
    spanId: digest.slice(32, 48),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
  const span = tracer.startSpan(
    name,
    { attributes: { correlation_id: correlationId, ...attributes } },
    parent,
  );
  return {
    end: (more) => {
      if (more !== undefined) span.setAttributes(more);
      span.end();
    },
  };
}

/** FNV-1a with 32 bits, as a share of all its values (draft-eastlake-fnv). */
function isTraced(correlationId: string, share: number): boolean {
  if (share <= 0) return false;
  let hash = 0x811c9dc5;
  for (let i = 0; i < correlationId.length; i += 1)
    hash = Math.imul(hash ^ correlationId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) / 2 ** 32 < share;
}
