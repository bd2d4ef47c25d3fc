export { type BackoffTimes, backoffMs } from './backoff.ts';
export { forgetOldest } from './bounds.ts';
export {
  agoMs,
  type Clock,
  systemClock,
  systemTimers,
  type Timer,
  type Timers,
  utcMsOf,
  utcText,
} from './clock.ts';
export { ClockGap } from './clock-gap.ts';
export { Closing } from './closing.ts';
export { type Random, SeededRandom } from './random.ts';
export {
  type Counter,
  type Gauge,
  type Histogram,
  type Labels,
  type Log,
  type LogFields,
  type LogLevel,
  type Metrics,
  type Span,
  silentTelemetry,
  type Telemetry,
  type Tracer,
} from './telemetry.ts';
export { TimerQueue } from './timer-queue.ts';
export { VirtualTime } from './virtual-time.ts';
export { doneWithin, every, pause, Waits } from './waiting.ts';
