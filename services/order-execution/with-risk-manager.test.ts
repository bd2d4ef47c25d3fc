import { amount, price, quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { EquityAmount, RiskLimits } from '@tradewind/core/risk';
import type { MarketSnapshot } from '@tradewind/proto';
import { DEFAULT_RISK_MANAGER_SETTINGS, RiskManagerService } from '@tradewind/risk-manager';
import { SeededRandom, silentTelemetry } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { DEFAULT_EXECUTION_SETTINGS } from './index.ts';
import { ExecutionWorld, limit, type RunOutside } from './world.test-support.ts';

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

test.each([1, 2, 3])(
  'I6, K1, K8: with the real risk manager no limit is passed, and what was reserved is given back (seed %i)',
  async (seed) => {
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
    const on = new ExecutionWorld({ seed, riskManager, settings: { crashLoop } });
    await on.learnRules();
    const instrument = on.instruments.get('BTCUSDT');
    invariant(instrument !== undefined, 'BTCUSDT is listed');
    const feed = { symbol: 'BTCUSDT', state: 'live', sinceMs: 0, detail: '' } as const;
    on.snapshots.set('BTCUSDT', {
      instrument,
      status: 'TRADING',
      feed,
      referencePrice: price('60000'),
      referencePriceAgeMs: 0,
    } as MarketSnapshot);
    await on.begin();
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
    const state = await risk!.state();
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

const anyPrice = (random: SeededRandom): string => String(60_000 + (random.nextUint32() % 40) - 20);

function anyTerms(random: SeededRandom): OrderTerms {
  const choice = random.nextFraction();
  if (choice < 0.6) return limit('0.03', anyPrice(random));
  if (choice < 0.8) return limit('0.03', anyPrice(random), 'IOC');
  return { type: 'MARKET', quantity: quantity('0.01') };
}
