import type { Parameters } from '../parameters/parameters.ts';
import {
  AHEAD_OF_SERVER,
  aboveMaximum,
  illegalCharacters,
  mandatory,
  OUTSIDE_RECEIVE_WINDOW,
  type Refusal,
} from '../refusal.ts';

const RECEIVE_WINDOW_DEFAULT_MS = 5000;
const RECEIVE_WINDOW_MAX_MS = 60_000;
const AHEAD_MAX_MS = 1000;
const MICROSECONDS_FROM = 1e15;
const LEGAL_RECEIVE_WINDOW = '^[0-9]{1,5}(\\.[0-9]{1,3})?$';
const RECEIVE_WINDOW = /^[0-9]{1,20}(\.[0-9]{1,3})?$/;

/** When a request says it was made, and how long it may take. Milliseconds, with fractions. */
export interface RequestTiming {
  readonly timestampMs: number;
  readonly receiveWindowMs: number;
}

/** Reads `timestamp` (sixteen digits are microseconds) and `recvWindow` (up to three decimals); see `Parameters.refusal`. */
export function readTiming(parameters: Parameters): RequestTiming {
  const timestamp = parameters.integer('timestamp');
  if (timestamp === undefined) parameters.refuse(mandatory('timestamp'));
  const sent = timestamp ?? 0;
  return {
    timestampMs: sent >= MICROSECONDS_FROM ? sent / 1000 : sent,
    receiveWindowMs: readReceiveWindow(parameters),
  };
}

function readReceiveWindow(parameters: Parameters): number {
  const text = parameters.text('recvWindow');
  if (text === undefined) return RECEIVE_WINDOW_DEFAULT_MS;
  if (!RECEIVE_WINDOW.test(text)) {
    parameters.refuse(illegalCharacters('recvWindow', LEGAL_RECEIVE_WINDOW));
    return 0;
  }
  const window = Number(text);
  if (window > RECEIVE_WINDOW_MAX_MS) parameters.refuse(aboveMaximum('recvWindow', RECEIVE_WINDOW_MAX_MS));
  return window;
}

/** The first of the three checks, on receipt. Source: binance-spot.md section 2.4. */
export function checkOnReceipt(timing: RequestTiming, nowMs: number): Refusal | undefined {
  if (timing.timestampMs >= nowMs + AHEAD_MAX_MS) return AHEAD_OF_SERVER;
  return checkBeforeEngine(timing, nowMs);
}

/** The second and third check. Costs the unfilled-order count too. */
export const checkBeforeEngine = (timing: RequestTiming, nowMs: number): Refusal | undefined =>
  nowMs - timing.timestampMs <= timing.receiveWindowMs ? undefined : OUTSIDE_RECEIVE_WINDOW;
