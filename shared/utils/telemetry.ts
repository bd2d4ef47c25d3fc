/** What a service tells its operators. Each is handed in; what is behind it may hang or fail without the service noticing. */
export interface Telemetry {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Decimals are given as strings. Keys that name a secret are redacted. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  /** @param event  what happened, in snake_case: 'order_sent' */
  write(level: LogLevel, event: string, fields?: LogFields, correlationId?: string): void;
}

export type Labels = Readonly<Record<string, string>>;
/** Metrics are made once, when a service is made; asking again for a name gives the same one. Names are those of design.md section 6. */
export interface Metrics {
  counter<const L extends string>(name: string, help: string, labels: readonly L[]): Counter<L>;
  gauge<const L extends string>(name: string, help: string, labels: readonly L[]): Gauge<L>;
  /** @param buckets  upper bounds, in seconds for durations; left out: 0.1 ms to 10 s */
  histogram<const L extends string>(
    name: string,
    help: string,
    labels: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
}
export interface Counter<L extends string> {
  add(labels: Readonly<Record<L, string>>, amount?: number): void;
}
export interface Gauge<L extends string> {
  set(labels: Readonly<Record<L, string>>, value: number): void;
}
export interface Histogram<L extends string> {
  observe(labels: Readonly<Record<L, string>>, value: number): void;
}

/** Spans from tick to fill, sampled by correlation id: all spans of one are kept, or none. */
export interface Tracer {
  /** @returns a span that must be ended */
  start(name: string, correlationId: string, attributes?: Labels): Span;
}
export interface Span {
  end(attributes?: Labels): void;
}

const NOTHING = { add: () => undefined, set: () => undefined, observe: () => undefined };
const NO_SPAN: Span = { end: () => undefined };
/** For tests and simulations: nobody listens. */
export const silentTelemetry: Telemetry = {
  log: { write: () => undefined },
  metrics: { counter: () => NOTHING, gauge: () => NOTHING, histogram: () => NOTHING },
  tracer: { start: () => NO_SPAN },
};
