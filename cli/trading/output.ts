import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '@tradewind/config';
import {
  jsonLog,
  otlpProcessor,
  PrometheusMetrics,
  Redaction,
  type Tracing,
  tracing,
} from '@tradewind/telemetry';
import { silentTelemetry, systemClock, type Telemetry } from '@tradewind/utils';
import type { DataFolder } from './data-folder.ts';
import type { ResolvedSecrets } from './secret-sources.ts';

export const OUTPUTS = ['screen', 'plain', 'json'] as const;
export type Output = (typeof OUTPUTS)[number];

/** A person at a terminal gets a screen, a pipe plain lines; away from one's own machine log lines are what is collected. */
export function outputOf(
  asked: string | undefined,
  { environment }: Configuration,
  isTerminal: boolean,
): Output | undefined {
  if (asked !== undefined) return OUTPUTS.find((each) => each === asked);
  if (isTerminal) return 'screen';
  return environment === 'local' ? 'plain' : 'json';
}

export interface OpenTelemetry {
  readonly telemetry: Telemetry;
  readonly metrics: PrometheusMetrics;
  close(): Promise<void>;
}

/** Log lines go to standard output, or to tradewind.log in the data folder where a person reads something else there. */
export function openTelemetry(
  service: string,
  { telemetry: options }: Configuration,
  folder: DataFolder,
  output: Output,
  secrets: ResolvedSecrets,
): OpenTelemetry {
  const redaction = new Redaction();
  for (const secret of Object.values(secrets)) if (secret !== undefined) redaction.hide(secret.reveal());
  const file =
    output === 'json'
      ? undefined
      : createWriteStream(join(folder.path, 'tradewind.log'), { flags: 'a', mode: 0o600 });
  // A log that cannot be written must not end what it is about.
  file?.on('error', () => undefined);
  const log = jsonLog({
    service,
    level: options.log_level,
    clock: systemClock,
    redaction,
    ...(file === undefined ? {} : { destination: file }),
  });
  const metrics = new PrometheusMetrics();
  const tracer: Tracing | undefined =
    options.otlp_url === undefined
      ? undefined
      : tracing({ service, share: options.traced_share, processor: otlpProcessor(options.otlp_url) });
  return {
    telemetry: { log, metrics, tracer: tracer ?? silentTelemetry.tracer },
    metrics,
    async close() {
      await tracer?.close();
      await new Promise<void>((resolve) => (file === undefined ? resolve() : file.end(() => resolve())));
    },
  };
}
