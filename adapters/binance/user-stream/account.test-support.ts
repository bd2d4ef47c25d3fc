import { parseAmount, parseQuantity, price, quantity, quoteAmount, times, zero } from '@tradewind/core/money';
import { pause, type Timers } from '@tradewind/utils';
import type { OrderReference } from '../calls/order-parameters.ts';
import type { AccountState, VenueTrade } from '../model/account.ts';
import type { OrderStatus } from '../model/enums.ts';
import type { VenueOrder } from '../model/order.ts';
import { done, failed, type Outcome, unknown } from '../outcome.ts';
import type { CatchUp, TradesFrom } from './catch-up.ts';

/** The truth about an account, in the few words that these tests need; every trade is one unit at 10. */
export interface TrueOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly status: OrderStatus;
  readonly tradeIds: readonly number[];
}

/** Answers questions about an account from what the test says is true. Each answer takes `delayMs`. */
export class ScriptedAccount implements CatchUp {
  readonly asked: string[] = [];
  orders: TrueOrder[] = [];
  balances: Record<string, string> = {};
  updatedTimeMs = 1;
  /** Answers to the next questions that go wrong instead, by the first word of the question. */
  readonly failing = new Map<string, number>();
  delayMs = 0;
  /** Called as a question arrives, before it is answered. */
  onAsked: ((question: string) => void) | undefined;
  /** Trades happened at this instant. */
  tradedAtMs = 0;
  private readonly timers: Timers;

  constructor(timers: Timers) {
    this.timers = timers;
  }

  openOrders(): Promise<Outcome<readonly VenueOrder[]>> {
    return this.answer('open', () =>
      done(this.orders.filter(({ status }) => OPEN.has(status)).map(venueOrderOf)),
    );
  }

  order(reference: OrderReference): Promise<Outcome<VenueOrder>> {
    return this.answer(`order ${reference.orderId ?? reference.clientOrderId}`, () => {
      const order = this.orders.find(
        ({ orderId, clientOrderId }) =>
          orderId === reference.orderId || clientOrderId === reference.clientOrderId,
      );
      return order === undefined ? NOT_FOUND : done(venueOrderOf(order));
    });
  }

  trades(symbol: string, from: TradesFrom): Promise<Outcome<readonly VenueTrade[]>> {
    return this.answer(`trades ${'tradeId' in from ? from.tradeId : 'by time'}`, () =>
      done(
        this.orders
          .flatMap((order) =>
            order.tradeIds.map((tradeId) => tradeOf(symbol, order.orderId, tradeId, this.tradedAtMs)),
          )
          .filter(({ tradeId }) => !('tradeId' in from) || tradeId >= from.tradeId)
          .sort((a, b) => a.tradeId - b.tradeId)
          .slice(0, 1000),
      ),
    );
  }

  account(): Promise<Outcome<AccountState>> {
    return this.answer('account', () =>
      done({
        balances: Object.entries(this.balances).map(([asset, free]) => {
          const parsed = parseAmount<string>(asset, free);
          return { asset, free: parsed.ok ? parsed.value : zero(), locked: zero() };
        }),
        canTrade: true,
        canWithdraw: false,
        canDeposit: true,
        accountType: 'SPOT',
        permissions: [],
        rates: undefined,
        requiresSelfTradePrevention: undefined,
        updatedTimeMs: this.updatedTimeMs,
        uid: undefined,
        tradeGroupId: undefined,
      }),
    );
  }

  private async answer<T>(question: string, answer: () => Outcome<T>): Promise<Outcome<T>> {
    this.asked.push(question);
    this.onAsked?.(question);
    const truth = answer();
    await pause(this.timers, this.delayMs);
    const word = question.split(' ')[0] as string;
    const fails = this.failing.get(word) ?? 0;
    if (fails === 0) return truth;
    this.failing.set(word, fails - 1);
    return unknown({ reason: 'timed_out' });
  }
}

const OPEN: ReadonlySet<string> = new Set(['NEW', 'PARTIALLY_FILLED', 'PENDING_NEW']);

const NOT_FOUND = failed({
  reason: 'refused',
  code: -2013,
  message: 'Order does not exist.',
  status: 400,
  retry: 'later',
});

function venueOrderOf({ orderId, clientOrderId, status, tradeIds }: TrueOrder): VenueOrder {
  const executed = parseQuantity(`${tradeIds.length}`);
  return {
    symbol: 'BTCUSDT',
    orderId,
    orderListId: undefined,
    clientOrderId,
    originalClientOrderId: undefined,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    status,
    price: price('10'),
    quantity: quantity('3'),
    quoteAmount: undefined,
    executedQuantity: executed.ok ? executed.value : zero(),
    executedQuoteAmount: times(quoteAmount('10'), BigInt(tradeIds.length)),
    stopPrice: undefined,
    icebergQuantity: undefined,
    trailingDeltaBps: undefined,
    trailingTimeMs: undefined,
    selfTradePrevention: 'NONE',
    preventedMatchId: undefined,
    preventedQuantity: undefined,
    tradeGroupId: undefined,
    strategyId: undefined,
    strategyType: undefined,
    peg: undefined,
    usedSor: undefined,
    workingFloor: undefined,
    expiryReason: undefined,
    isWorking: true,
    workingTimeMs: undefined,
    transactTimeMs: undefined,
    createdTimeMs: 1,
    updatedTimeMs: 1,
    fills: undefined,
    preventedMatches: undefined,
  };
}

const tradeOf = (symbol: string, orderId: number, tradeId: number, timeMs: number): VenueTrade => ({
  symbol,
  tradeId,
  orderId,
  orderListId: undefined,
  side: 'BUY',
  liquidity: 'MAKER',
  price: price('10'),
  quantity: quantity('1'),
  quoteAmount: quoteAmount('10'),
  fee: { asset: 'BTC', amount: quantity('0.001') },
  timeMs,
});
