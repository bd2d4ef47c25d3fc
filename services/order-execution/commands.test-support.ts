import { price, quantity } from '@tradewind/core/money';
import type { CancelAllResult, CommandResult, MarketSnapshot, TradingEvent } from '@tradewind/proto';
import { limit, market, stop } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld, strategyWith, type WorldOptions } from './world.test-support.ts';

/** Who gives the commands. */
export const BY = { by: 'test', correlationId: 'c' };
export const EVERYTHING = { ...BY, why: 'by hand', symbol: 'BTCUSDT' };

type Policies = Parameters<typeof strategyWith>[1];

/** A strategy of these policies trades. */
export async function trading(
  policies: Policies = {},
  options: Pick<WorldOptions, 'entryOver'> = {},
): Promise<ExecutionWorld> {
  const strategies = new Map([['test', strategyWith({ USDT: '50000', BTC: '1' }, policies)]]);
  const on = new ExecutionWorld({ ...options, strategies });
  await on.begin();
  return on;
}

/** Its strategy buys 0.1 BTC at 60000, of which it holds 0.0999 BTC then; they can be sold at 55000. */
export async function buy(on: ExecutionWorld): Promise<void> {
  on.houseOrder('SELL', '60000', '0.1');
  on.houseOrder('BUY', '55000', '1');
  await on.perform(on.submit('BUY', market('0.1')));
  await on.time.advance(100);
}

/** A position of 0.0999 BTC of a strategy that keeps its protection. */
export async function holding(): Promise<ExecutionWorld> {
  const on = await trading({ keepsProtection: true });
  await buy(on);
  return on;
}

/** Its stop is `order-2`. */
export async function withStop(): Promise<ExecutionWorld> {
  const on = await holding();
  await on.perform(on.submit('SELL', stop('0.0999', '58000')));
  return on;
}

/** `order-1` rests, and is priced anew after 5 s. */
export async function resting(times = 1): Promise<ExecutionWorld> {
  const on = await trading({ unfilled: { kind: 'reprice', afterMs: 5_000, times } });
  const best = { price: price('59500'), quantity: quantity('1') };
  const snapshot = { quote: { bid: best, ask: best }, feed: { state: 'live' } };
  on.snapshots.set('BTCUSDT', snapshot as unknown as MarketSnapshot);
  await on.perform(on.submit('BUY', limit('0.1', '59000')));
  return on;
}

/** And that has begun. */
export async function repricing(times = 1): Promise<ExecutionWorld> {
  const on = await resting(times);
  while ((await on.service.order('order-1'))?.record.state === 'working') await on.time.advance(1);
  return on;
}

/** Each order waits `room.inMs` for room under a limit. */
export async function tradingInScarceRoom(
  policies: Policies = {},
): Promise<{ readonly on: ExecutionWorld; readonly room: { inMs: number } }> {
  const room = { inMs: 0 };
  const on: ExecutionWorld = await trading(policies, {
    entryOver: (entry) => ({
      ...entry,
      prepare: (order, priority) => {
        const prepared = entry.prepare(order, priority);
        return {
          place: async (mayLeave) => {
            if (room.inMs > 0) await passed(on, room.inMs);
            return prepared.place(mayLeave);
          },
        };
      },
    }),
  });
  return { on, room };
}

export const canceling = (on: ExecutionWorld, clientOrderId: string): Promise<CommandResult> =>
  on.service.cancel({ ...BY, symbol: 'BTCUSDT', clientOrderId });
export const cancel = (on: ExecutionWorld, clientOrderId: string): Promise<CommandResult> =>
  on.perform(canceling(on, clientOrderId));
export const cancelAll = (on: ExecutionWorld): Promise<CancelAllResult> =>
  on.perform(on.service.cancelAll(EVERYTHING));

export const openIds = async (on: ExecutionWorld): Promise<readonly string[]> =>
  (await on.service.openOrders()).map(({ record }) => record.clientOrderId);

/** The process dies; after the next start there is time for what a stop waits for. */
export async function restart(on: ExecutionWorld): Promise<void> {
  on.crash();
  await on.until('ready');
  await on.time.advance(40_000);
}

/**
 * From now on verdicts take so long, all or only the first.
 * @returns the client order ids of the orders that are judged
 */
export function verdictsTake(
  on: ExecutionWorld,
  ms: number,
  which: 'all' | 'first' = 'all',
): readonly string[] {
  const validate = on.risk.validate.bind(on.risk);
  const judged: string[] = [];
  on.risk.validate = async (wanted) => {
    judged.push((wanted as { clientOrderId: string }).clientOrderId);
    if (which === 'all' || judged.length === 1) await passed(on, ms);
    return validate(wanted);
  };
  return judged;
}

/** From now on it takes so long before what is meant is written. */
export function commitsTake(
  on: ExecutionWorld,
  ms: number,
  isMeant: (events: readonly TradingEvent[]) => boolean = () => true,
): void {
  const { inner } = on.ledger;
  const commit = inner.commit.bind(inner);
  inner.commit = async (...given) => {
    if (isMeant(given[0])) await passed(on, ms);
    return commit(...given);
  };
}

export const hasIntent = (events: readonly TradingEvent[]): boolean =>
  events.some(({ kind }) => kind === 'intent');

const passed = (on: ExecutionWorld, ms: number): Promise<void> =>
  new Promise((resolve) => on.time.after(ms, resolve));
