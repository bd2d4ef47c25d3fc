import { type Bars, BarsBuilder, type Instrument, Interval } from '@tradewind/core/market';
import { ORDER_TYPES, SELF_TRADE_PREVENTION_MODES } from '@tradewind/core/orders';
import { ACCOUNT_NAMES, type Account, type PositionState, type Posting } from '@tradewind/core/portfolio';
import type { RiskLimits } from '@tradewind/core/risk';
import type { SavedState } from '@tradewind/core/strategy';
import fc from 'fast-check';
import type { CommittedEvent, EventBody, EventKind, Signal } from '../contracts/event.ts';
import type { MarketSnapshot, MarketUpdate } from '../contracts/market-data.ts';
import type { ExecutionState } from '../contracts/order-execution.ts';
import type { RiskState } from '../contracts/risk-manager.ts';
import type { StrategyStatus } from '../contracts/strategy-engine.ts';
import {
  anyAmount,
  anyBreakerScope,
  anyBreakers,
  anyEquity,
  anyFill,
  anyFlag,
  anyIntent,
  anyInterval,
  anyList,
  anyNumber,
  anyOrderList,
  anyPrice,
  anyQuantity,
  anyQuoteAmount,
  anyRatio,
  anyRecord,
  anyRefusal,
  anySymbolStatus,
  anyText,
  anyTexts,
  anyWanted,
  anyWhole,
  maybe,
  recordOf,
} from './arbitrary-parts.test-support.ts';

const is = <const T>(value: T): fc.Arbitrary<T> => fc.constant(value);
const oneOf = <const T extends string>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** A record of which some fields may be left out. */
const partly = <T extends object, K extends keyof T>(
  parts: { readonly [Name in keyof T]: fc.Arbitrary<T[Name]> },
  optional: readonly K[],
) =>
  recordOf(parts, {
    requiredKeys: (Object.keys(parts) as (keyof T)[]).filter((name) => !optional.includes(name as K)),
  }) as fc.Arbitrary<Omit<T, K> & { readonly [Name in K]?: T[Name] }>;

const level = recordOf({ price: anyPrice, quantity: anyQuantity });
const trade = recordOf({
  symbol: anyText,
  id: anyWhole,
  price: anyPrice,
  quantity: anyQuantity,
  timeMs: anyWhole,
  buyerIsMaker: anyFlag,
});
const quote = recordOf({
  symbol: anyText,
  bid: maybe(level),
  ask: maybe(level),
  updateId: anyWhole,
  timeMs: anyWhole,
});
const feed = recordOf({
  symbol: anyText,
  state: oneOf('live', 'stale', 'gap', 'down', 'paused'),
  sinceMs: anyWhole,
  detail: anyText,
});
const lot = partly({ minimum: anyQuantity, maximum: anyQuantity, step: anyQuantity }, [
  'minimum',
  'maximum',
  'step',
]);
const anyInstrument: fc.Arbitrary<Instrument> = recordOf({
  symbol: anyText,
  baseAsset: anyText,
  quoteAsset: anyText,
  status: anySymbolStatus,
  orderTypes: fc.subarray([...ORDER_TYPES]),
  filters: partly(
    {
      price: partly({ minimum: anyPrice, maximum: anyPrice, tick: anyPrice }, ['minimum', 'maximum', 'tick']),
      lot,
      marketLot: lot,
      percentPrice: recordOf({ up: anyRatio, down: anyRatio, averageMinutes: anyWhole }),
      percentPriceBySide: recordOf({
        bidUp: anyRatio,
        bidDown: anyRatio,
        askUp: anyRatio,
        askDown: anyRatio,
        averageMinutes: anyWhole,
      }),
      notional: partly(
        {
          minimum: anyQuoteAmount,
          minimumAppliesToMarket: anyFlag,
          maximum: anyQuoteAmount,
          maximumAppliesToMarket: anyFlag,
          averageMinutes: anyWhole,
        },
        ['minimum', 'maximum'],
      ),
      icebergPartsMaximum: anyWhole,
      openOrdersMaximum: anyWhole,
      openAlgoOrdersMaximum: anyWhole,
      openIcebergOrdersMaximum: anyWhole,
      openOrderListsMaximum: anyWhole,
      amendsMaximum: anyWhole,
      positionMaximum: anyQuantity,
      trailingDelta: recordOf({
        aboveMinimumBps: anyWhole,
        aboveMaximumBps: anyWhole,
        belowMinimumBps: anyWhole,
        belowMaximumBps: anyWhole,
      }),
    },
    [
      'marketLot',
      'percentPrice',
      'percentPriceBySide',
      'notional',
      'icebergPartsMaximum',
      'openOrdersMaximum',
      'openAlgoOrdersMaximum',
      'openIcebergOrdersMaximum',
      'openOrderListsMaximum',
      'amendsMaximum',
      'positionMaximum',
      'trailingDelta',
    ],
  ),
  unknownFilters: anyList(anyText),
  blockers: anyList(anyText),
  icebergAllowed: anyFlag,
  ocoAllowed: anyFlag,
  otoAllowed: anyFlag,
  opoAllowed: anyFlag,
  quoteAmountMarketAllowed: anyFlag,
  trailingStopAllowed: anyFlag,
  cancelReplaceAllowed: anyFlag,
  amendAllowed: anyFlag,
  pegAllowed: anyFlag,
  selfTradePreventionModes: fc.subarray([...SELF_TRADE_PREVENTION_MODES]),
  defaultSelfTradePrevention: fc.constantFrom(...SELF_TRADE_PREVENTION_MODES),
});

export const anyMarketUpdate: fc.Arbitrary<MarketUpdate> = fc.oneof(
  recordOf({ kind: is('trade'), trade, receivedAtMs: anyWhole }),
  recordOf({ kind: is('quote'), quote, receivedAtMs: anyWhole }),
  recordOf({
    kind: is('book'),
    book: recordOf({
      symbol: anyText,
      updateId: anyWhole,
      timeMs: anyWhole,
      bids: anyList(level),
      asks: anyList(level),
    }),
    receivedAtMs: anyWhole,
  }),
  recordOf({
    kind: is('bar'),
    bar: recordOf({
      symbol: anyText,
      interval: anyInterval,
      openTimeMs: anyWhole,
      closeTimeMs: anyWhole,
      open: anyPrice,
      high: anyPrice,
      low: anyPrice,
      close: anyPrice,
      volume: anyQuantity,
      quoteVolume: anyQuoteAmount,
      trades: anyWhole,
      source: oneOf('trades', 'backfill'),
    }),
    receivedAtMs: anyWhole,
  }),
  recordOf({ kind: is('feed'), feed }),
  recordOf({ kind: is('instrument'), instrument: anyInstrument }),
);

export const anySnapshot: fc.Arbitrary<MarketSnapshot> = recordOf({
  instrument: anyInstrument,
  status: anySymbolStatus,
  feed,
  referencePrice: maybe(anyPrice),
  referencePriceAgeMs: maybe(anyNumber),
  lastTrade: maybe(trade),
  quote: maybe(quote),
});

/** With gaps, with prices in ticks of 4 and of 8 bytes, and with none at all. */
export const anyBars: fc.Arbitrary<Bars> = fc
  .tuple(
    fc.constantFrom('1m', '1d', '1M'),
    fc.array(
      recordOf({ skipped: fc.nat(2), tick: fc.nat(2 ** 40), volume: fc.nat(2 ** 45), decimals: fc.nat(8) }),
      {
        maxLength: 20,
      },
    ),
    anyFlag,
  )
  .map(([name, steps, isSmall]) => {
    const interval = Interval.parse(name) as Interval;
    const builder = new BarsBuilder('BTCUSDT', interval);
    let timeMs = interval.startOf(1_700_000_000_000);
    for (const { skipped, tick, volume, decimals } of steps) {
      for (let skip = 0; skip <= skipped; skip += 1) timeMs = interval.endOf(timeMs);
      const low = 1 + (isSmall ? tick % 1000 : tick);
      builder.append(timeMs, low, low + 2, low, low + 1, 2, volume, decimals);
    }
    return builder.build();
  });

export const anySignal: fc.Arbitrary<Signal> = fc
  .tuple(
    recordOf({ strategy: anyText, symbol: anyText, decidedAtMs: anyWhole, expiresAtMs: anyWhole }),
    fc.oneof(
      recordOf({ action: is('order'), intent: anyIntent }),
      recordOf({ action: is('list'), list: anyOrderList }),
      recordOf({ action: is('cancel'), clientOrderId: anyText }),
    ),
  )
  .map(([head, action]) => ({ ...head, ...action }));

/** Numbers that are none are plain data, too: indicators save them. */
const anySavedState: fc.Arbitrary<SavedState> = fc.letrec<{ state: SavedState }>((tie) => ({
  state: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    anyFlag,
    anyNumber,
    anyText,
    fc.array(tie('state'), { maxLength: 3 }),
    fc.dictionary(anyText, tie('state'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).state;

const postings: fc.Arbitrary<Posting[]> = anyList(
  recordOf({
    subAccount: anyText,
    account: fc.nat(ACCOUNT_NAMES.length - 1) as fc.Arbitrary<number> as fc.Arbitrary<Account>,
    asset: anyText,
    amount: anyAmount,
  }),
);
const position: fc.Arbitrary<PositionState> = recordOf({
  strategy: anyText,
  symbol: anyText,
  quantity: anyQuantity,
  cost: anyQuoteAmount,
  realizedPnl: anyQuoteAmount,
  realizedBefore: anyQuoteAmount,
});
export const anyChecks = anyList(
  partly({ check: anyText, isPassed: anyFlag, was: anyText, limit: anyText, unit: anyText }, [
    'was',
    'limit',
    'unit',
  ]),
);
export const anyBreak = recordOf({
  kind: is('break'),
  state: oneOf('opened', 'closed'),
  name: anyText,
  asset: anyText,
  ledger: anyAmount,
  venue: anyAmount,
  detail: anyText,
});

const BODIES: { readonly [Kind in EventKind]: fc.Arbitrary<Extract<EventBody, { readonly kind: Kind }>> } = {
  evaluation: recordOf({
    kind: is('evaluation'),
    strategy: anyText,
    symbol: anyText,
    interval: anyInterval,
    closeTimeMs: anyWhole,
    isWarm: anyFlag,
    signals: anyWhole,
    values: fc.dictionary(anyText, anyNumber, { maxKeys: 3, noNullPrototype: true }),
  }),
  signal: recordOf({ kind: is('signal'), signal: anySignal }),
  verdict: partly(
    {
      kind: is('verdict'),
      strategy: anyText,
      symbol: anyText,
      clientOrderId: anyText,
      isApproved: anyFlag,
      checks: anyChecks,
      refusal: anyRefusal,
    },
    ['refusal'],
  ),
  intent: recordOf({ kind: is('intent'), wanted: anyWanted, expiresAtMs: anyWhole, epoch: anyWhole }),
  order: partly(
    {
      kind: is('order'),
      strategy: anyText,
      event: oneOf('sent', 'timed_out', 'filled_in_part', 'absence_proven', 'expired_in_match'),
      record: anyRecord,
      isOurs: anyFlag,
      reason: anyText,
      isGivenUp: anyFlag,
    },
    ['reason', 'isGivenUp'],
  ),
  answer: partly(
    {
      kind: is('answer'),
      call: oneOf(
        'place',
        'place_list',
        'cancel',
        'cancel_list',
        'cancel_all',
        'cancel_replace',
        'amend',
        'query',
      ),
      symbol: anyText,
      clientOrderId: anyText,
      outcome: oneOf('done', 'failed', 'unknown'),
      code: anyWhole,
      detail: anyText,
      latencyMs: anyNumber,
    },
    ['code', 'detail'],
  ),
  fill: partly(
    {
      kind: is('fill'),
      fill: anyFill,
      venueOrderId: anyWhole,
      quoteAmount: anyQuoteAmount,
      postings,
      position,
      feePosition: position,
      realizedPnl: anyQuoteAmount,
      roundTripPnl: anyQuoteAmount,
      quoteAsset: anyText,
    },
    ['feePosition', 'roundTripPnl'],
  ),
  balance: partly(
    {
      kind: is('balance'),
      cause: oneOf('allocation', 'deposit', 'withdrawal', 'external_fill', 'dust', 'correction', 'opening'),
      postings,
      detail: anyText,
      key: anyText,
      position,
    },
    ['key', 'position'],
  ),
  control: recordOf({
    kind: is('control'),
    action: oneOf('halt', 'reduce', 'resume', 'flatten', 'cancel_all', 'breaker', 'dead_man', 'losses'),
    scope: anyBreakerScope,
    by: anyText,
    why: anyText,
    breakers: anyBreakers,
  }),
  valuation: recordOf({
    kind: is('valuation'),
    equityAsset: anyText,
    equity: anyEquity,
    dayStartEquity: anyEquity,
    peakEquity: anyEquity,
    subAccounts: anyList(
      recordOf({ subAccount: anyText, equity: anyEquity, realizedToday: anyEquity, unrealized: anyEquity }),
    ),
    prices: anyList(recordOf({ symbol: anyText, price: anyPrice, ageMs: anyNumber })),
  }),
  break: anyBreak,
  strategy: recordOf({
    kind: is('strategy'),
    action: oneOf('started', 'stopped', 'disabled', 'parameters', 'saved'),
    strategy: anyText,
    by: anyText,
    why: anyText,
    parameters: anyTexts,
    state: anySavedState,
  }),
  configuration: recordOf({
    kind: is('configuration'),
    environment: anyText,
    mode: oneOf('paper', 'testnet', 'live'),
    hash: anyText,
    text: anyText,
  }),
  leader: recordOf({ kind: is('leader'), epoch: anyWhole, holder: anyText }),
  alert: recordOf({
    kind: is('alert'),
    severity: oneOf('info', 'warning', 'critical'),
    name: anyText,
    message: anyText,
    fields: anyTexts,
  }),
};
export const EVENT_KINDS = Object.keys(BODIES) as readonly EventKind[];

export const anyCommittedEvent = (kind: EventKind): fc.Arbitrary<CommittedEvent> =>
  fc
    .tuple(
      partly(
        {
          id: anyText,
          correlationId: anyText,
          causeId: anyText,
          atMs: anyWhole,
          service: oneOf(
            'market-data',
            'strategy-engine',
            'risk-manager',
            'order-execution',
            'gateway',
            'cli',
          ),
          seq: anyWhole,
        },
        ['causeId'],
      ),
      BODIES[kind] as fc.Arbitrary<EventBody>,
    )
    .map(([head, body]) => ({ ...head, ...body }) as CommittedEvent);

const limited = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | 'none'> => fc.oneof(value, is('none'));
const orderRate = limited(recordOf({ orders: anyWhole, windowMs: anyWhole, keptForReducing: anyWhole }));
const named = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<string, T>> =>
  fc.array(fc.tuple(anyText, value), { maxLength: 3 }).map((pairs) => new Map(pairs));
const equityLimit = limited(anyEquity);
const ratioLimit = limited(anyRatio);
const countLimit = limited(anyNumber);
export const anyLimits: fc.Arbitrary<RiskLimits> = recordOf({
  account: recordOf({
    orderNotionalMaximum: equityLimit,
    orderShareOfEquityMaximum: ratioLimit,
    exposureMaximum: equityLimit,
    openOrdersMaximum: countLimit,
    orderRate,
    dailyLossMaximum: equityLimit,
    drawdownMaximum: ratioLimit,
  }),
  strategies: named(
    recordOf({
      exposureMaximum: equityLimit,
      openOrdersMaximum: countLimit,
      orderRate,
      consecutiveLossesMaximum: countLimit,
    }),
  ),
  symbols: named(
    recordOf({
      positionMaximum: limited(anyQuantity),
      exposureMaximum: equityLimit,
      openOrdersMaximum: countLimit,
      priceCollar: ratioLimit,
      priceAgeMsMaximum: countLimit,
    }),
  ),
  assets: named(recordOf({ exposureMaximum: equityLimit, shareOfEquityMaximum: ratioLimit })),
});

export const anyRiskState: fc.Arbitrary<RiskState> = recordOf({
  state: oneOf('ready', 'catching_up', 'not_ready'),
  detail: anyText,
  seq: anyWhole,
  breakers: anyBreakers,
  equityAsset: anyText,
  equity: maybe(anyEquity),
  dayStartEquity: maybe(anyEquity),
  peakEquity: maybe(anyEquity),
  uses: anyList(recordOf({ name: anyText, was: anyText, limit: anyText, unit: anyText, share: anyNumber })),
});

export const anyStrategyStatus: fc.Arbitrary<StrategyStatus> = recordOf({
  strategy: anyText,
  definition: anyText,
  symbols: anyList(anyText),
  interval: anyInterval,
  state: oneOf('warming', 'running', 'stopped', 'disabled'),
  detail: anyText,
  parameters: anyTexts,
  evaluations: anyWhole,
  signals: anyWhole,
  lastUpdateMs: maybe(anyWhole),
});

export const anyExecutionState: fc.Arbitrary<ExecutionState> = recordOf({
  state: oneOf('starting', 'standby', 'reconciling', 'ready', 'degraded', 'stopping'),
  detail: anyText,
  epoch: maybe(anyWhole),
  openOrders: anyWhole,
  inDoubt: anyWhole,
  breaks: anyList(anyBreak),
  agreedAtMs: maybe(anyWhole),
});
