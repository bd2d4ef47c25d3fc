import type { Caller } from '@tradewind/binance';
import { amount, price, quantity, ratio } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';
import { Account } from '@tradewind/core/portfolio';
import { CheckLog, NOTHING_TRIPPED, RiskDesk, type RiskLimits } from '@tradewind/core/risk';
import type { MarketSnapshot, TradingEvent } from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { DEFAULT_RISK_MANAGER_SETTINGS, RiskManagerService } from '@tradewind/risk-manager';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { testInstrument } from '../../core/market/market.test-support.ts';
import { TestView } from '../../core/risk/world.test-support.ts';

export interface RiskLine {
  /** Wall time of one order, from the question to the verdict, ns. */
  readonly p50: number;
  readonly p99: number;
  readonly ordersPerSecond: number;
  readonly approved: number;
}

const WARM = 10_000;
const MEASURED = 20_000;
const money = (text: string) => amount('equity', text);

/** Every limit that there is, none of them 'none' and none of them reached. */
const EVERY_LIMIT: RiskLimits = {
  account: {
    orderNotionalMaximum: money('100000'),
    orderShareOfEquityMaximum: ratio('0.5'),
    exposureMaximum: money('1000000'),
    openOrdersMaximum: 1_000,
    orderRate: { orders: 1_000_000, windowMs: 1_000, keptForReducing: 10 },
    dailyLossMaximum: money('10000'),
    drawdownMaximum: ratio('0.2'),
  },
  strategies: new Map([
    [
      'alpha',
      {
        exposureMaximum: money('1000000'),
        openOrdersMaximum: 1_000,
        orderRate: { orders: 1_000_000, windowMs: 1_000, keptForReducing: 10 },
        consecutiveLossesMaximum: 10,
      },
    ],
  ]),
  symbols: new Map([
    [
      'BTCUSDT',
      {
        positionMaximum: quantity('1000'),
        exposureMaximum: money('1000000'),
        openOrdersMaximum: 1_000,
        priceCollar: ratio('0.1'),
        priceAgeMsMaximum: 60_000,
      },
    ],
  ]),
  assets: new Map([['BTC', { exposureMaximum: money('1000000'), shareOfEquityMaximum: ratio('0.9') }]]),
};

let made = 0;
function intent(): OrderIntent {
  made += 1;
  return {
    clientOrderId: `order-${made}`,
    strategy: 'alpha',
    symbol: 'BTCUSDT',
    side: 'BUY',
    terms: { type: 'LIMIT', quantity: quantity('0.1'), price: price('99.5'), timeInForce: 'GTC' },
    tag: '',
    decidedAtMs: 0,
  };
}

/** @param ask  judges an order and lets it go again; says whether it was approved */
async function measured(ask: (order: OrderIntent) => boolean | Promise<boolean>): Promise<RiskLine> {
  const nanoseconds = new Float64Array(MEASURED);
  let approved = 0;
  let startedNs = 0n;
  for (let i = -WARM; i < MEASURED; i++) {
    const order = intent();
    if (i === 0) startedNs = process.hrtime.bigint();
    const before = process.hrtime.bigint();
    const isApproved = await ask(order);
    if (i < 0) continue;
    nanoseconds[i] = Number(process.hrtime.bigint() - before);
    if (isApproved) approved += 1;
  }
  const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
  nanoseconds.sort();
  return {
    p50: nanoseconds[MEASURED / 2]!,
    p99: nanoseconds[Math.floor(MEASURED * 0.99)]!,
    ordersPerSecond: MEASURED / seconds,
    approved,
  };
}

/** The desk of the core alone, in a world whose answers are at hand. */
async function desk(withNumbers: boolean): Promise<RiskLine> {
  const view = new TestView();
  const riskDesk = new RiskDesk(EVERY_LIMIT, view, NOTHING_TRIPPED);
  return measured((order) => {
    view.nowMs += 1;
    const answer = riskDesk.review(order, withNumbers ? new CheckLog() : undefined);
    riskDesk.ended(order.clientOrderId);
    return answer.ok;
  });
}

/** The whole service: price asked for, books valued, guards, numbers as text. */
async function service(): Promise<RiskLine> {
  const instrument = testInstrument('BTC/USDT');
  const snapshot: MarketSnapshot = {
    instrument,
    status: 'TRADING',
    feed: { symbol: 'BTCUSDT', state: 'live', sinceMs: 0, detail: '' },
    referencePrice: price('100'),
    referencePriceAgeMs: 0,
    lastTrade: undefined,
    quote: undefined,
  };
  const nobody = { perform: async () => ({ kind: 'done', value: [] }) } as unknown as Caller;
  const ledger = new MemoryLedger({ clock: systemClock });
  const postings = [
    { asset: 'USDT', size: '1000' },
    { asset: 'BTC', size: '1' },
  ].flatMap(({ asset, size }) => [
    { subAccount: 'alpha', account: Account.free, asset, amount: amount(asset, size) },
    { subAccount: 'alpha', account: Account.funding, asset, amount: amount(asset, `-${size}`) },
  ]);
  const opening: TradingEvent = {
    kind: 'balance',
    cause: 'opening',
    postings,
    detail: '',
    id: 'opening',
    correlationId: 'opening',
    atMs: systemClock.nowMs(),
    service: 'order-execution',
  };
  await ledger.commit([opening]);
  const risk = new RiskManagerService({
    clock: systemClock,
    timers: systemTimers,
    random: new SeededRandom(1),
    telemetry: silentTelemetry,
    ledger,
    marketData: { snapshot: async () => snapshot },
    caller: nobody,
    haltFile: { read: async () => ({ kind: 'absent' }), write: async () => undefined },
    exchangeFilters: () => ({}),
    publish: () => undefined,
    settings: {
      ...DEFAULT_RISK_MANAGER_SETTINGS,
      limits: EVERY_LIMIT,
      equityAsset: 'USDT',
      symbols: ['BTCUSDT'],
      repeats: { maximum: 1_000_000, windowMs: 1 },
      runaway: { maximum: 1_000_000, windowMs: 1 },
    },
  });
  await risk.start();
  const line = await measured(async (order) => {
    const verdict = await risk.validate(order, order.clientOrderId);
    await risk.withdraw([order.clientOrderId]);
    return verdict.kind === 'approved';
  });
  risk.stop();
  return line;
}

export const runs = {
  desk: { run: () => desk(false) },
  numbers: { run: () => desk(true) },
  service: { run: service },
};
