import { amount, price, quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { EquityAmount, RiskLimits } from '@tradewind/core/risk';
import type { MarketSnapshot } from '@tradewind/proto';
import { DEFAULT_RISK_MANAGER_SETTINGS, RiskManagerService } from '@tradewind/risk-manager';
import { SeededRandom, silentTelemetry } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { limit, market, stop } from '../../core/orders/terms.test-support.ts';
import { cancel, commitsTake } from './commands.test-support.ts';
import { DEFAULT_EXECUTION_SETTINGS } from './index.ts';
import { ExecutionWorld, type RunOutside, strategyWith } from './world.test-support.ts';

const OPEN_ORDERS_MAX = 4;
const POSITION_MAX = quantity('1.2');
const LIMITS: RiskLimits = {
  account: {
    orderNotionalMaximum: amount('equity', '10000') as EquityAmount,
    orderShareOfEquityMaximum: 'none',
    exposureMaximum: 'none',
    openOrdersMaximum: OPEN_ORDERS_MAX,
    orderRate: 'none',
    dailyLossMaximum: 'none',
    drawdownMaximum: 'none',
  },
  strategies: new Map([
    [
      'test',
      {
        exposureMaximum: 'none',
        openOrdersMaximum: 'none',
        orderRate: 'none',
        consecutiveLossesMaximum: 'none',
      },
    ],
  ]),
  symbols: new Map([
    [
      'BTCUSDT',
      {
        positionMaximum: POSITION_MAX,
        exposureMaximum: 'none',
        openOrdersMaximum: 'none',
        priceCollar: 'none',
        priceAgeMsMaximum: 5_000,
      },
    ],
  ]),
  assets: new Map([['BTC', { exposureMaximum: 'none', shareOfEquityMaximum: 'none' }]]),
};

/** It trades, beside a real risk manager that knows a price of 60000. */
async function trading(
  seed: number,
  strategy = strategyWith({ USDT: '50000', BTC: '1' }),
): Promise<{ readonly on: ExecutionWorld; readonly risk: () => RiskManagerService }> {
  let risk: RiskManagerService | undefined;
  let haltText: string | undefined;
  const riskManager = ({ time, ledger, caller, marketData, isAlive }: RunOutside): RiskManagerService => {
    risk = new RiskManagerService({
      clock: time,
      timers: time,
      random: new SeededRandom(seed),
      telemetry: silentTelemetry,
      ledger,
      marketData,
      caller,
      haltFile: {
        read: async () => (haltText === undefined ? { kind: 'absent' } : { kind: 'text', text: haltText }),
        write: async (text) => {
          if (isAlive()) haltText = text;
          return undefined;
        },
      },
      exchangeFilters: () => ({}),
      publish: () => undefined,
      settings: {
        ...DEFAULT_RISK_MANAGER_SETTINGS,
        limits: LIMITS,
        equityAsset: 'USDT',
        symbols: ['BTCUSDT'],
      },
    });
    void risk.start();
    return risk;
  };
  // A start that waits would be silent for too long.
  const crashLoop = { ...DEFAULT_EXECUTION_SETTINGS.crashLoop, startsMax: 1000, longestDelayMs: 0 };
  const strategies = new Map([['test', strategy]]);
  const on = new ExecutionWorld({ seed, riskManager, strategies, settings: { crashLoop } });
  await on.learnRules();
  const instrument = on.instruments.get('BTCUSDT');
  invariant(instrument !== undefined, 'BTCUSDT is listed');
  const feed = { symbol: 'BTCUSDT', state: 'live', sinceMs: 0, detail: '' } as const;
  const best = { price: price('60000'), quantity: quantity('1') };
  on.snapshots.set('BTCUSDT', {
    instrument,
    status: 'TRADING',
    feed,
    quote: { bid: best, ask: best },
    referencePrice: price('60000'),
    referencePriceAgeMs: 0,
  } as unknown as MarketSnapshot);
  await on.begin();
  return { on, risk: () => risk! };
}

test.each([1, 2, 3])(
  'I6, K1, K8: with the real risk manager no limit is passed, and what was reserved is given back (seed %i)',
  async (seed) => {
    const { on, risk } = await trading(seed);
    const random = new SeededRandom(seed);
    const chance = (share: number): boolean => random.nextFraction() < share;
    on.install({
      seed,
      faults: [
        { fault: 'lose_answer', where: { endpoint: ['POST *', 'DELETE *'] }, when: { rate: 0.1 } },
        { fault: 'lose_request', where: { endpoint: ['POST *', 'DELETE *'] }, when: { rate: 0.05 } },
        { fault: 'drop_event', when: { rate: 0.1 } },
        { fault: 'delay_event', ms: [10, 2000], when: { rate: 0.1 } },
      ],
    });
    for (let step = 0; step < 120; step += 1) {
      const choice = random.nextFraction();
      if (choice < 0.55) {
        const burst = 1 + (random.nextUint32() % 3);
        for (let i = 0; i < burst; i += 1) void on.submit(chance(0.6) ? 'BUY' : 'SELL', anyTerms(random));
      } else if (choice < 0.7) {
        const open = await on.service.openOrders();
        const { intent } = open[random.nextUint32() % Math.max(1, open.length)] ?? {};
        if (intent !== undefined) void on.service.cancel({ ...intent, by: 'test', correlationId: 'cancel' });
      } else if (choice < 0.97) on.houseOrder(chance(0.5) ? 'BUY' : 'SELL', anyPrice(random), '0.05');
      else on.crash();
      await on.time.advance(random.nextUint32() % 2000);
      // What only reduces is bound by no such limit (faults.md I7).
      const open = on
        .trueOrders()
        .filter(({ status, side }) => side === 'BUY' && (status === 'NEW' || status === 'PARTIALLY_FILLED'));
      expect(open.length).toBeLessThanOrEqual(OPEN_ORDERS_MAX);
    }
    on.install({ faults: [] });
    await on.until('ready');
    await on.time.advance(120_000);
    const { venue, ledger } = await on.balances();
    expect(ledger).toEqual(venue);
    const state = await risk().state();
    expect(state.state).toBe('ready');
    const { openOrders, inDoubt } = await on.service.state();
    expect(inDoubt).toBe(0);
    const use = state.uses.find(({ name }) => name === 'account open orders');
    expect(use?.was).toBe(String(openOrders));
    expect(on.trueOrders().length).toBeGreaterThan(20);
    expect(on.events('verdict').some(({ refusal }) => refusal?.reason === 'open_orders_over_limit')).toBe(
      true,
    );
  },
);

describe('what an order held back is free for what takes its place', () => {
  /** Holds 0.0999 BTC, and its ledger takes 10 ms to write. */
  const holding = async (policies: Parameters<typeof strategyWith>[1]): Promise<ExecutionWorld> => {
    const { on } = await trading(1, strategyWith({ USDT: '50000' }, policies));
    on.houseOrder('SELL', '60000', '0.1');
    await on.perform(on.submit('BUY', market('0.1')));
    await on.time.advance(100);
    commitsTake(on, 10);
    return on;
  };

  test('O14: a position is sold right after its new stop was rejected', async () => {
    const on = await holding({ keepsProtection: true });
    await on.perform(on.submit('SELL', stop('0.0999', '58000')));
    await cancel(on, 'order-2');
    on.houseOrder('BUY', '57000', '1');
    on.install({
      faults: [{ fault: 'print_trade', symbol: 'BTCUSDT', price: '57000', quantity: '0.01', side: 'SELL' }],
    });
    await on.time.advance(7_000);
    expect(on.events('fill').at(-1)?.fill).toMatchObject({ side: 'SELL', tag: 'unprotected' });
    expect(on.events('alert').map(({ name }) => name)).not.toContain('position_unprotected');
  });

  test('O7: a sale of all that is held is priced anew', async () => {
    const on = await holding({ unfilled: { kind: 'reprice', afterMs: 5_000, times: 1 } });
    await on.perform(on.submit('SELL', limit('0.0999', '61000')));
    await on.time.advance(7_000);
    const open = await on.service.openOrders();
    expect(open.map(({ intent }) => intent.terms)).toEqual([limit('0.0999', '60000')]);
  });
});

const anyPrice = (random: SeededRandom): string => String(60_000 + (random.nextUint32() % 40) - 20);

function anyTerms(random: SeededRandom): OrderTerms {
  const choice = random.nextFraction();
  if (choice < 0.6) return limit('0.03', anyPrice(random));
  if (choice < 0.8) return limit('0.03', anyPrice(random), 'IOC');
  return market('0.01');
}
