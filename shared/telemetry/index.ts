export { type JsonLogOptions, jsonLog, type LogDestination } from './json-log.ts';
export { type Operated, type OperatorPage, operatorPage } from './operator-pages.ts';
export { type OperatorServer, startOperatorServer } from './operator-server.ts';
export { PrometheusMetrics } from './prometheus.ts';
export { Redaction } from './redaction.ts';
export { otlpProcessor, type Tracing, type TracingOptions, tracing } from './tracing.ts';
