import { formatAmount, formatPrice, quantity } from '@tradewind/core/money';
import { isFinal, type OrderListIntent, type OrderState, type OrderTerms } from '@tradewind/core/orders';
import type { FaultPlan } from '@tradewind/exchange-simulator';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { limit, maker, market, stop } from '../../core/orders/terms.test-support.ts';
import { DEFAULT_EXECUTION_SETTINGS } from './index.ts';
import { ExecutionWorld } from './world.test-support.ts';

/** Everything that a venue can do to answers and to the user stream, each now and then. */
const PLAN: FaultPlan = {
  seed: 7,
  faults: [
    { fault: 'lose_answer', where: { endpoint: ['POST *', 'DELETE *', 'PUT *'] }, when: { rate: 0.08 } },
    { fault: 'lose_request', where: { endpoint: ['POST *', 'DELETE *', 'PUT *'] }, when: { rate: 0.04 } },
    {
      fault: 'fail_request',
      error: 'timeout',
      executed: 0.5,
      where: { endpoint: ['POST *', 'DELETE *', 'PUT *'] },
      when: { rate: 0.08 },
    },
    { fault: 'lag_queries', ms: [100, 3000], when: { rate: 0.2 } },
    { fault: 'delay_answer', ms: [10, 2000], where: { endpoint: 'POST *' }, when: { rate: 0.1 } },
    { fault: 'drop_event', when: { rate: 0.1 } },
    { fault: 'duplicate_event', when: { rate: 0.1 } },
    { fault: 'reorder_event', by: 3, when: { rate: 0.1 } },
    { fault: 'delay_event', ms: [10, 2000], when: { rate: 0.1 } },
    { fault: 'cut_sockets', when: { from_ms: 20_000, every_ms: 45_000 } },
  ],
};
const SEEDS = (process.env.SIM_SEEDS ?? '1,2,3').split(',').map(Number);
const STEPS = Number(process.env.SIM_STEPS ?? 150);

test.each(SEEDS)(
  'I1 I2 I3 I4 I5 O1 O2 O3 O4 O10 O12 O13 O15 U1 U2 U4 U5 U6 U7 P2 P4 P5 P6 X1: whatever is lost, late or killed, the books are right in the end (seed %i)',
  async (seed) => {
    const on = new ExecutionWorld({
      seed,
      settings: { crashLoop: { ...DEFAULT_EXECUTION_SETTINGS.crashLoop, startsMax: 1000 } },
    });
    await on.begin();
    const random = new SeededRandom(seed);
    on.install({ ...PLAN, seed });
    for (let step = 0; step < STEPS; step += 1) {
      const choice = random.nextFraction();
      if (choice < 0.4) void on.submit(anySide(random), anyTerms(random));
      else if (choice < 0.48) void placeList(on, random, step);
      else if (choice < 0.62) void changeSomething(on, random);
      else if (choice < 0.9) on.houseOrder(anySide(random), anyPrice(random), '0.02');
      else if (choice < 0.92) await killInFlight(on, random);
      else if (choice < 0.94)
        on.ledger.mood = (['fails', 'unknown', 'unknown_written'] as const)[random.nextUint32() % 3]!;
      else on.ledger.mood = 'works';
      await on.time.advance(Math.floor(random.nextFraction() * 2000));
    }
    on.install({ faults: [] });
    on.ledger.mood = 'works';
    await on.until('ready', 300_000);
    await on.time.advance(120_000);

    const { venue, ledger } = await on.balances();
    expect(ledger).toEqual(venue);
    expect(await on.service.state()).toMatchObject({ state: 'ready', breaks: [], inDoubt: 0 });
    const booked = (await on.ledger.inner.read({ afterSeq: 0, limit: 10_000, kinds: ['fill'] })).flatMap(
      (event) =>
        event.kind === 'fill'
          ? [
              [
                event.fill.tradeId,
                formatPrice(event.fill.price),
                formatAmount(event.fill.quantity),
                formatAmount(event.fill.fee.amount),
              ],
            ]
          : [],
    );
    const truth = on
      .trueFills()
      .map((fill) => [
        fill.tradeId,
        formatPrice(fill.price),
        formatAmount(fill.quantity),
        formatAmount(fill.commission),
      ]);
    expect(booked.sort(byId)).toEqual(truth.sort(byId));
    expect(booked.length).toBeGreaterThan(5);
    const orders = on.trueOrders();
    const names = orders.map(({ placedClientOrderId }) => placedClientOrderId);
    expect(new Set(names).size, 'no intent has two orders').toBe(names.length);
    const known = new Map(
      (await on.ledger.inner.load()).orders.map((order) => [order.intent.clientOrderId, order]),
    );
    for (const { placedClientOrderId, status } of orders)
      expect([placedClientOrderId, known.get(placedClientOrderId)?.record.state]).toEqual([
        placedClientOrderId,
        stateOf[status],
      ]);
    for (const [id, { record }] of known)
      if (!names.includes(id)) expect([id, isFinal(record.state)]).toEqual([id, true]);
  },
);

/** The process dies while requests and answers are on their way, which takes 5 ms in each direction. */
async function killInFlight(on: ExecutionWorld, random: SeededRandom): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    void on.submit(anySide(random), anyTerms(random));
    void changeSomething(on, random);
    await on.time.advance(random.nextUint32() % 6);
  }
  on.crash();
}

/** Cancels, amends or replaces any open order. */
async function changeSomething(on: ExecutionWorld, random: SeededRandom): Promise<void> {
  const open = await on.service.openOrders();
  const order = open[random.nextUint32() % Math.max(1, open.length)];
  if (order === undefined) return;
  const { clientOrderId, symbol, side } = order.intent;
  const command = { clientOrderId, symbol, by: 'test', correlationId: clientOrderId };
  const choice = random.nextFraction();
  if (choice < 0.6) await on.service.cancel(command);
  else if (choice < 0.8) await on.service.amend({ ...command, newQuantity: quantity('0.015') });
  else {
    const replacement = on.intent(side, limit('0.02', anyPrice(random)));
    await on.service.replace({ ...command, replacement, expiresAtMs: on.time.nowMs() + 5_000 });
  }
}

/** A pair around the market that sells, or a buy that such a sale follows. */
async function placeList(on: ExecutionWorld, random: SeededRandom, step: number): Promise<void> {
  const listClientOrderId = `list-${step}`;
  const below = on.intent('SELL', stop('0.01', '59950'));
  const list: OrderListIntent =
    random.nextFraction() < 0.5
      ? { kind: 'OCO', listClientOrderId, above: on.intent('SELL', maker('0.01', '60025')), below }
      : {
          kind: 'OTO',
          listClientOrderId,
          working: on.intent('BUY', limit('0.01', anyPrice(random))),
          pending: below,
        };
  await on.submitList(list);
}

const anySide = (random: SeededRandom): 'BUY' | 'SELL' => (random.nextFraction() < 0.5 ? 'BUY' : 'SELL');

const byId = (one: readonly unknown[], other: readonly unknown[]): number =>
  Number(one[0]) - Number(other[0]);

const anyPrice = (random: SeededRandom): string =>
  String(60_000 + Math.floor(random.nextFraction() * 40) - 20);

function anyTerms(random: SeededRandom): OrderTerms {
  const choice = random.nextFraction();
  if (choice < 0.5) return limit('0.03', anyPrice(random));
  if (choice < 0.75) return limit('0.03', anyPrice(random), 'IOC');
  return market('0.01');
}

const stateOf: Readonly<Record<string, OrderState>> = {
  NEW: 'working',
  PARTIALLY_FILLED: 'working',
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired_in_match',
  PENDING_NEW: 'pending',
};
