import { clone, create, toBinary } from '@bufbuild/protobuf';
import { price, quantity, quoteAmount } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';
import { err } from '@tradewind/core/result';
import { describe, expect, test } from 'vitest';
import type { CommittedEvent, Signal } from '../contracts/event.ts';
import {
  BusMessageSchema,
  type TradingEvent,
  TradingEventSchema,
} from '../generated/tradewind/v1/events_pb.js';
import { MarketUpdateSchema } from '../generated/tradewind/v1/market_pb.js';
import { OrderTermsSchema, OrderType, Side, type TimeInForce } from '../generated/tradewind/v1/orders_pb.js';
import {
  type Refusal,
  RefusalReason,
  RefusalSchema,
  ScopeKind,
  ScopeSchema,
} from '../generated/tradewind/v1/risk_pb.js';
import { decodeBusMessage } from './bus-message.ts';
import { decodeWith } from './codec.ts';
import { committedEvent, tradingEvent } from './events.ts';
import { marketUpdate } from './market.ts';
import { signalRefusal } from './refusal.ts';

const intent: OrderIntent = {
  clientOrderId: 'order-1',
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT', quantity: quantity('0.5'), price: price('60000.01'), timeInForce: 'GTC' },
  tag: 'entry',
  decidedAtMs: 1_700_000_000_000,
};
const signal: Signal = {
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  decidedAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_000_005_000,
  action: 'order',
  intent,
};
const event: CommittedEvent = {
  id: 'e1',
  correlationId: 'c1',
  atMs: 1_700_000_000_001,
  service: 'order-execution',
  seq: 1,
  kind: 'signal',
  signal,
};

/** The event with something changed in its message. */
function changed(change: (message: TradingEvent, terms: ReturnType<typeof termsOf>) => void): TradingEvent {
  const message = clone(TradingEventSchema, committedEvent.encode(event));
  change(message, termsOf(message));
  return message;
}
function termsOf(message: TradingEvent) {
  const body = message.body.case === 'signal' ? message.body.value.signal : undefined;
  const order = body?.action.case === 'order' ? body.action.value : undefined;
  return order!.terms!;
}
const TERMS = 'body.signal.signal.order.terms';

describe('a message is refused, with the path to what is wrong:', () => {
  test.each<[string, string, string, TradingEvent]>([
    [
      'a malformed decimal',
      `${TERMS}.price`,
      "is no decimal that fits (not_a_decimal): '6o000'",
      changed((_, terms) => {
        terms.price = '6o000';
      }),
    ],
    [
      'a decimal that is finer than money',
      `${TERMS}.quantity`,
      "is no decimal that fits (too_many_decimals): '0.123456789'",
      changed((_, terms) => {
        terms.quantity = '0.123456789';
      }),
    ],
    [
      'an empty decimal',
      `${TERMS}.quantity`,
      "is no decimal that fits (not_a_decimal): ''",
      changed((_, terms) => {
        terms.quantity = '';
      }),
    ],
    [
      'a missing field',
      `${TERMS}.price`,
      'is missing',
      changed((_, terms) => {
        delete (terms as { price?: string }).price;
      }),
    ],
    [
      'an unknown value of an enumeration',
      `${TERMS}.timeInForce`,
      'has a value that is not known: 99',
      changed((_, terms) => {
        terms.timeInForce = 99 as TimeInForce;
      }),
    ],
    [
      'a value that says nothing',
      `${TERMS}.type`,
      'has a value that is not known: 0',
      changed((_, terms) => {
        terms.type = OrderType.UNSPECIFIED;
      }),
    ],
    [
      'what does not belong to the type of order',
      `${TERMS}.quoteAmount`,
      'does not belong to LIMIT',
      changed((_, terms) => {
        terms.quoteAmount = '5';
      }),
    ],
    [
      'a body of no kind',
      'body',
      'is missing',
      changed((message) => {
        message.body = { case: undefined };
      }),
    ],
    [
      'a time beyond what can be counted',
      'atMs',
      'is too large to be counted: 9007199254740993',
      changed((message) => {
        message.atMs = 9_007_199_254_740_993n;
      }),
    ],
    [
      'no place in the ledger',
      'seq',
      'is missing',
      changed((message) => {
        delete (message as { seq?: bigint }).seq;
      }),
    ],
  ])('%s', (_, path, problem, message) => {
    expect(decodeWith(committedEvent, message)).toEqual(err({ path, problem }));
  });

  test('a place in the ledger, where there is none yet', () => {
    expect(decodeWith(tradingEvent, committedEvent.encode(event))).toMatchObject({ ok: false });
  });

  test('a market order with both a quantity and an amount of quote, or with neither', () => {
    for (const sizes of [{}, { quantity: '1', quoteAmount: '5' }]) {
      const message = changed((all) => {
        const body = all.body.case === 'signal' ? all.body.value.signal : undefined;
        const order = body?.action.case === 'order' ? body.action.value : undefined;
        order!.terms = create(OrderTermsSchema, { type: OrderType.MARKET, ...sizes });
      });
      expect(decodeWith(committedEvent, message)).toEqual(
        err({ path: TERMS, problem: 'a market order has either a quantity or an amount of quote' }),
      );
    }
  });

  test.each<[string, Refusal, string]>([
    [
      'the number of another reason',
      create(RefusalSchema, { reason: RefusalReason.NOT_WARM, was: '1' }),
      'was',
    ],
    [
      'a part of the account that the reason has not',
      create(RefusalSchema, {
        reason: RefusalReason.TRADING_HALTED,
        scope: create(ScopeSchema, { kind: ScopeKind.ASSET, name: 'BTC' }),
      }),
      'scope',
    ],
    [
      'a strategy without its name',
      create(RefusalSchema, {
        reason: RefusalReason.TRADING_HALTED,
        scope: create(ScopeSchema, { kind: ScopeKind.STRATEGY }),
      }),
      'scope',
    ],
    [
      'a word that is none of its own',
      create(RefusalSchema, { reason: RefusalReason.ICEBERG_NEEDS_GTC, was: 'GTX' }),
      'was',
    ],
    [
      'a number that is none',
      create(RefusalSchema, { reason: RefusalReason.QUEUE_FULL, maximum: '1e' }),
      'maximum',
    ],
    [
      'what a leg cannot be refused for',
      create(RefusalSchema, {
        reason: RefusalReason.LEG_REFUSED,
        leg: 'above',
        because: create(RefusalSchema, { reason: RefusalReason.NOT_WARM }),
      }),
      'because',
    ],
    [
      'a side where there is none',
      create(RefusalSchema, { reason: RefusalReason.NOT_WARM, side: Side.BUY }),
      'side',
    ],
  ])('in a refusal, %s', (_, message, path) => {
    expect(decodeWith(signalRefusal, message)).toMatchObject({ ok: false, error: { path } });
  });

  test('a market update without its time, or with one that it has not', () => {
    const trade = {
      symbol: 'BTCUSDT',
      id: 1,
      price: price('1'),
      quantity: quantity('1'),
      timeMs: 1,
      buyerIsMaker: true,
    };
    const timed = marketUpdate.encode({ kind: 'trade', trade, receivedAtMs: 2 });
    const untimed = create(MarketUpdateSchema, { correlationId: 'c', update: timed.update });
    expect(decodeWith(marketUpdate, untimed)).toEqual(err({ path: 'receivedAtMs', problem: 'is missing' }));
    const feed = marketUpdate.encode({
      kind: 'feed',
      feed: { symbol: 'X', state: 'live', sinceMs: 1, detail: '' },
    });
    feed.receivedAtMs = 5n;
    expect(decodeWith(marketUpdate, feed)).toMatchObject({ ok: false, error: { path: 'receivedAtMs' } });
  });

  test('bytes that are no message, an empty one, and one of another topic', () => {
    expect(decodeBusMessage('orders', new Uint8Array([255, 255, 255]))).toMatchObject({ ok: false });
    expect(decodeBusMessage('orders', new Uint8Array())).toEqual(
      err({ path: 'message', problem: 'is missing' }),
    );
    const feed = marketUpdate.encode({
      kind: 'feed',
      feed: { symbol: 'X', state: 'live', sinceMs: 1, detail: '' },
    });
    const bytes = toBinary(
      BusMessageSchema,
      create(BusMessageSchema, { correlationId: '', message: { case: 'marketUpdate', value: feed } }),
    );
    expect(decodeBusMessage('orders', bytes)).toMatchObject({ ok: false, error: { path: 'message' } });
  });
});

test('amounts are decimal strings on the wire, as people write them', () => {
  const message = committedEvent.encode(event);
  expect(termsOf(message)).toMatchObject({ quantity: '0.5', price: '60000.01' });
  const refusal = signalRefusal.encode({
    reason: 'notional_below_minimum',
    bound: quoteAmount('5'),
    was: quoteAmount('3.2'),
  });
  expect(refusal).toMatchObject({ bound: '5', was: '3.2' });
});
