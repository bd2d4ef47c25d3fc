import type { IntervalName } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { BreakerCause, BreakerStates, Trip } from '@tradewind/core/risk';
import type { SavedState } from '@tradewind/core/strategy';
import type {
  BreakBody,
  CheckResult,
  EventBody,
  EventKind,
  ServiceName,
  Signal,
  StrategyBody,
  TradingMode,
  ValuationBody,
} from '../contracts/event.ts';
import {
  asObject,
  type Codec,
  double,
  type Fields,
  flag,
  type Json,
  list,
  Malformed,
  map,
  name,
  oneOf,
  optional,
  price,
  record,
  shape,
  sortedEntries,
  tagged,
  text,
  whole,
} from './codec.ts';
import {
  amount,
  fill,
  orderEventKind,
  orderIntent,
  orderListIntent,
  orderRecord,
  position,
  postings,
  quoteAmount,
  wanted,
} from './order-codecs.ts';
import { breakerScope, equityAmount, signalRefusal } from './refusal-codecs.ts';

const INTERVALS: Readonly<Record<IntervalName, true>> = {
  '1s': true,
  '1m': true,
  '3m': true,
  '5m': true,
  '15m': true,
  '30m': true,
  '1h': true,
  '2h': true,
  '4h': true,
  '6h': true,
  '8h': true,
  '12h': true,
  '1d': true,
  '3d': true,
  '1w': true,
  '1M': true,
};
const interval = oneOf(Object.keys(INTERVALS) as readonly IntervalName[]);

const signalPart = { strategy: name, symbol: name, decidedAtMs: whole, expiresAtMs: whole };
const signal = tagged<'action', Signal>('action', {
  order: shape({ ...signalPart, intent: orderIntent }),
  list: shape({ ...signalPart, list: orderListIntent }),
  cancel: shape({ ...signalPart, clientOrderId: name }),
});

const check = shape<CheckResult>({
  check: text,
  isPassed: flag,
  was: optional(text),
  limit: optional(text),
  unit: optional(text),
});

const equityBound = shape({ maximum: equityAmount, was: equityAmount });
const trip = shape<Trip>({
  scope: breakerScope,
  state: oneOf(['reducing', 'halted']),
  cause: tagged<'kind', BreakerCause>('kind', {
    person: shape({ by: text, why: text }),
    consecutive_losses: shape({ maximum: double, was: double }),
    daily_loss: equityBound,
    drawdown: equityBound,
    guard: shape({ guard: oneOf(['runaway', 'dead_man', 'unreadable_store']), detail: text }),
  }),
  atMs: whole,
});
export const breakerStates = shape<BreakerStates>({ trips: list(trip), losses: map(whole) });

/**
 * Plain data of any form. JSON has no NaN, no Infinity and no -0: they are written as `{ "$": "NaN" }`, and a name that begins with $
 * gets one more in front, so that no state of a strategy looks like one of them.
 */
const savedState: Codec<SavedState> = {
  write(value) {
    if (typeof value === 'number') {
      const written = double.write(value);
      return typeof written === 'number' ? written : { $: written };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return value.map(savedState.write);
    return Object.fromEntries(
      sortedEntries(value).map(([name, each]) => [
        name.startsWith('$') ? `$${name}` : name,
        savedState.write(each),
      ]),
    );
  },
  read(json, at) {
    if (typeof json !== 'object' || json === null) return json;
    if (isList(json)) return json.map((each, index) => savedState.read(each, `${at}[${index}]`));
    const object = asObject(json, at);
    if (Object.hasOwn(object, '$')) {
      const number = double.read(object.$!, at);
      if (Object.keys(object).length === 1 && typeof double.write(number) === 'string') return number;
      throw new Malformed(`${at} is not a saved number`);
    }
    return Object.fromEntries(
      Object.entries(object).map(([name, each]) => [
        name.startsWith('$') ? name.slice(1) : name,
        savedState.read(each, `${at}.${name}`),
      ]),
    );
  },
};
const isList = <T extends SavedState | Json>(value: T | readonly T[]): value is readonly T[] =>
  Array.isArray(value);

export const strategyBody = shape<Omit<StrategyBody, 'kind'>>({
  action: oneOf(['started', 'stopped', 'disabled', 'parameters', 'saved']),
  strategy: name,
  by: text,
  why: text,
  parameters: record(text),
  state: savedState,
});

const valuationFields: Fields<Omit<ValuationBody, 'kind'>> = {
  equityAsset: name,
  equity: equityAmount,
  dayStartEquity: equityAmount,
  peakEquity: equityAmount,
  subAccounts: list(
    shape({ subAccount: name, equity: equityAmount, realizedToday: equityAmount, unrealized: equityAmount }),
  ),
  prices: list(shape({ symbol: name, price, ageMs: double })),
};
/** With its time, as it is projected. */
export const datedValuation = shape<Omit<ValuationBody, 'kind'> & { readonly atMs: number }>({
  atMs: whole,
  ...valuationFields,
});

export const breakBody = shape<Omit<BreakBody, 'kind'>>({
  state: oneOf(['opened', 'closed']),
  name,
  asset: name,
  ledger: amount,
  venue: amount,
  detail: text,
});

const body = tagged<'kind', EventBody>('kind', {
  evaluation: shape({
    strategy: name,
    symbol: name,
    interval,
    closeTimeMs: whole,
    isWarm: flag,
    signals: whole,
    values: record(double),
  }),
  signal: shape({ signal }),
  verdict: shape({
    strategy: name,
    symbol: name,
    clientOrderId: name,
    isApproved: flag,
    checks: list(check),
    refusal: optional(signalRefusal),
  }),
  intent: shape({ wanted, expiresAtMs: whole, epoch: whole }),
  order: shape({
    strategy: name,
    event: orderEventKind,
    record: orderRecord,
    isOurs: flag,
    reason: optional(text),
    isGivenUp: optional(flag),
  }),
  answer: shape({
    call: oneOf([
      'place',
      'place_list',
      'cancel',
      'cancel_list',
      'cancel_all',
      'cancel_replace',
      'amend',
      'query',
    ]),
    symbol: name,
    clientOrderId: name,
    outcome: oneOf(['done', 'failed', 'unknown']),
    code: optional(double),
    detail: optional(text),
    latencyMs: double,
  }),
  fill: shape({
    fill,
    venueOrderId: whole,
    quoteAmount,
    postings,
    position,
    feePosition: optional(position),
    realizedPnl: quoteAmount,
    roundTripPnl: optional(quoteAmount),
    quoteAsset: name,
  }),
  balance: shape({
    cause: oneOf(['allocation', 'deposit', 'withdrawal', 'external_fill', 'dust', 'correction', 'opening']),
    postings,
    detail: text,
    key: optional(name),
    position: optional(position),
  }),
  control: shape({
    action: oneOf(['halt', 'reduce', 'resume', 'flatten', 'cancel_all', 'breaker', 'dead_man', 'losses']),
    scope: breakerScope,
    by: text,
    why: text,
    breakers: breakerStates,
  }),
  valuation: shape(valuationFields),
  break: breakBody,
  strategy: strategyBody,
  configuration: shape({
    environment: text,
    mode: oneOf<TradingMode>(['paper', 'testnet', 'live']),
    hash: text,
    text,
  }),
  leader: shape({ epoch: whole, holder: name }),
  alert: shape({
    severity: oneOf(['info', 'warning', 'critical']),
    name: text,
    message: text,
    fields: record(text),
  }),
});

const SERVICES: Readonly<Record<ServiceName, true>> = {
  'market-data': true,
  'strategy-engine': true,
  'risk-manager': true,
  'order-execution': true,
  gateway: true,
  cli: true,
};
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

const KINDS: Readonly<Record<EventKind, true>> = {
  evaluation: true,
  signal: true,
  verdict: true,
  intent: true,
  order: true,
  answer: true,
  fill: true,
  balance: true,
  control: true,
  valuation: true,
  break: true,
  strategy: true,
  configuration: true,
  leader: true,
  alert: true,
};
export const EVENT_KINDS = Object.keys(KINDS) as readonly EventKind[];

/**
 * The payload of the journal: what an event says beyond its head, as JSON with decimals as texts and fields in a fixed order. The same
 * event has the same text for ever; fields that the contract does not name are left out.
 */
export const writeBody = (event: EventBody): string => textOf(body, event);
/** Takes what `writeBody` wrote and nothing else. */
export const readBody = (payload: string): Result<EventBody, MalformedText> => parsedOf(body, payload);

export interface MalformedText {
  readonly reason: 'malformed';
  /** Where, and what should stand there. */
  readonly detail: string;
}

export const textOf = <T>(codec: Codec<T>, value: T): string => JSON.stringify(codec.write(value));

export function parsedOf<T>(codec: Codec<T>, json: string): Result<T, MalformedText> {
  try {
    return ok(codec.read(JSON.parse(json) as Json, ''));
  } catch (error) {
    if (error instanceof Malformed) return err({ reason: 'malformed', detail: error.message });
    if (error instanceof SyntaxError) return err({ reason: 'malformed', detail: 'not JSON' });
    throw error;
  }
}
