import { setTimeout as pause } from 'node:timers/promises';
import { price, quantity } from '@tradewind/core/money';
import type { OrderIntent, OrderTerms, Side } from '@tradewind/core/orders';
import type { OrderExecution, Signal } from '@tradewind/proto';
import { systemClock } from '@tradewind/utils';
import type { CrashPoints } from './points.test-support.ts';

/** What the house is asked to do: it takes from our orders that rest. */
export interface HouseOrder {
  readonly kind: 'house';
  readonly side: Side;
  readonly price: string;
  readonly quantity: string;
}

const STRATEGY = 'quiet';
const SYMBOL = 'BTCUSDT';
/** The limit of the position allows fewer of these than are asked for. */
const GREEDY = 4;
const WHO = { by: 'test', correlationId: 'script', why: 'a test' };

const limit = (size: string, at: string, timeInForce: 'GTC' | 'IOC' = 'GTC'): OrderTerms => ({
  type: 'LIMIT',
  timeInForce,
  quantity: quantity(size),
  price: price(at),
});

/** Everything that an order can go through, one thing after the other, so that every run passes the same points. */
export class Script {
  private readonly execution: OrderExecution;
  private readonly points: CrashPoints;
  private readonly run = `${process.pid}-${systemClock.nowMs() % 1e9}`;
  private count = 0;

  constructor(execution: OrderExecution, points: CrashPoints) {
    this.execution = execution;
    this.points = points;
  }

  /** Whatever the run before has left: wants more than the limits allow, cancels, sells, and waits until nothing is open or in doubt. */
  async putInOrder(): Promise<void> {
    const { execution } = this;
    await this.until(async () => (await execution.state()).state === 'ready', 'ready');
    // What is in doubt counts, so together with it no more than the limits allow gets through (faults.md K8).
    for (let i = 0; i < GREEDY; i += 1) await this.submit('BUY', limit('0.01', '59000'));
    // A stop that a position gets back meanwhile is one more to cancel.
    await this.until(async () => {
      await execution.cancelAll(WHO);
      await execution.flatten(WHO);
      await pause(200);
      const { openOrders, inDoubt } = await execution.state();
      return openOrders === 0 && inDoubt === 0 && (await execution.reconcile()).kind === 'agreed';
    }, 'in order');
  }

  async trade(): Promise<void> {
    const { execution, points } = this;
    points.phase = 'trade';
    await this.submit('BUY', { type: 'MARKET', quantity: quantity('0.01') });
    await this.untilFinal();
    const resting = await this.submit('BUY', limit('0.008', '59900'));
    await execution.amend({ ...this.named(resting), newQuantity: quantity('0.006') });
    const replacement = this.intent('BUY', limit('0.006', '59950'));
    await execution.replace({
      ...this.named(resting),
      replacement,
      expiresAtMs: systemClock.nowMs() + 5_000,
    });
    await this.askHouse('SELL', '59950', '0.002');
    await execution.cancel(this.named(replacement));
    await execution.cancelAll(WHO);
    await this.untilFinal();
    // More than the house buys at this price: the rest expires.
    await this.submit('SELL', limit('0.004', '59990', 'IOC'));
    await this.untilFinal();
    await this.placePair();
    await execution.cancelAll(WHO);
    await this.untilFinal();
    await this.submit('BUY', limit('0.002', '59940'));
    await this.askHouse('SELL', '59940', '0.001');
    await this.askHouse('SELL', '59940', '0.001');
    await this.untilFinal();
    await execution.flatten(WHO);
    await this.untilFinal();
    await execution.reconcile();
  }

  private async placePair(): Promise<void> {
    const stop: OrderTerms = {
      type: 'STOP_LOSS',
      quantity: quantity('0.004'),
      trigger: { stopPrice: price('59000') },
    };
    const above = this.intent('SELL', {
      type: 'LIMIT_MAKER',
      quantity: quantity('0.004'),
      price: price('61000'),
    });
    const listClientOrderId = `list-${this.run}-${this.count}`;
    await this.send({
      action: 'list',
      list: { kind: 'OCO', listClientOrderId, above, below: this.intent('SELL', stop) },
    });
  }

  private async submit(side: Side, terms: OrderTerms): Promise<OrderIntent> {
    const intent = this.intent(side, terms);
    await this.send({ action: 'order', intent });
    return intent;
  }

  private async send(
    wanted:
      | Pick<Extract<Signal, { action: 'order' }>, 'action' | 'intent'>
      | Pick<Extract<Signal, { action: 'list' }>, 'action' | 'list'>,
  ): Promise<void> {
    const decidedAtMs = systemClock.nowMs();
    await this.execution.submit(
      { ...wanted, strategy: STRATEGY, symbol: SYMBOL, decidedAtMs, expiresAtMs: decidedAtMs + 30_000 },
      'script',
    );
  }

  private intent(side: Side, terms: OrderTerms): OrderIntent {
    this.count += 1;
    return {
      clientOrderId: `o-${this.run}-${this.count}`,
      strategy: STRATEGY,
      symbol: SYMBOL,
      side,
      terms,
      tag: '',
      decidedAtMs: systemClock.nowMs(),
    };
  }

  private named({ clientOrderId }: OrderIntent) {
    return { clientOrderId, symbol: SYMBOL, ...WHO };
  }

  private async askHouse(side: Side, at: string, size: string): Promise<void> {
    process.send!({ kind: 'house', side, price: at, quantity: size } satisfies HouseOrder);
    await pause(100);
  }

  private untilFinal(): Promise<void> {
    return this.until(async () => (await this.execution.state()).openOrders === 0, 'final', 60_000);
  }

  private async until(isSo: () => Promise<boolean>, what: string, withinMs = 120_000): Promise<void> {
    const end = systemClock.elapsedMs() + withinMs;
    while (!(await isSo())) {
      if (systemClock.elapsedMs() > end)
        throw new Error(`not ${what}: ${JSON.stringify(await this.execution.state())}`);
      await pause(20);
    }
  }
}
