import type { Clock, Log, LogFields, LogLevel } from '@tradewind/utils';
import pino from 'pino';
import type { Redaction } from './redaction.ts';

export interface JsonLogOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly redaction: Redaction;
  /** Left out: standard output. */
  readonly destination?: LogDestination;
}

export interface LogDestination {
  write(line: string): void;
}

/**
 * One JSON object a line: `timestamp`, `level`, `service`, `correlation_id`, `event`, then the event's own fields (design.md
 * section 6). JSON escapes line breaks and control characters, so that no value can forge a line (faults.md S10); marks that turn the
 * direction of text are escaped, too.
 */
export function jsonLog({ service, level, clock, redaction, destination }: JsonLogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"timestamp":"${new Date(clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    destination ?? standardOutput(),
  );
  return {
    write(at, event, fields, correlationId) {
      if (!logger.isLevelEnabled(at)) return;
      logger[at]({ service, correlation_id: correlationId ?? '', event, ...clean(fields, redaction) });
    },
  };
}

function clean(fields: LogFields | undefined, redaction: Redaction): LogFields {
  const cleaned: Record<string, string | number | boolean | undefined> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    cleaned[name] =
      typeof value === 'string' ? redaction.field(name, value.replace(DIRECTION_MARKS, escaped)) : value;
  }
  return cleaned;
}

/** Bidirectional controls (Unicode UAX 9): what is read would not be what is written. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const escaped = (mark: string): string => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Buffered and bounded: a reader that has stopped reading costs lines, and the services nothing. */
const standardOutput = (): LogDestination =>
  pino.destination({ dest: 1, sync: false, minLength: 0, maxLength: BUFFER_BYTES_MAX });
const BUFFER_BYTES_MAX = 8 * 1024 * 1024;
