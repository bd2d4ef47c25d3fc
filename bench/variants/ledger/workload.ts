import { amount, price, quantity, quoteAmount, zero } from '@tradewind/core/money';
import type { OrderIntent, OrderRecord } from '@tradewind/core/orders';
import type { EventBody, TradingEvent } from '@tradewind/proto';

const START_MS = Date.UTC(2026, 0, 1);
/** Between two orders: a busy account. */
const PACE_MS = 30_000;

/**
 * All that is recorded of one order that is sent, accepted and filled, as three commits: decision and intent before the wire, what the
 * exchange answered, the fill.
 */
export function orderLife(number: number, epoch: number): readonly (readonly TradingEvent[])[] {
  const clientOrderId = `bench-${number.toString(36)}`;
  const [strategy, symbol] = [`strategy-${number % 4}`, number % 2 === 0 ? 'BTCUSDT' : 'ETHUSDT'];
  const atMs = START_MS + number * PACE_MS;
  const event = (name: string, body: EventBody): TradingEvent => ({
    id: `${clientOrderId}-${name}`,
    correlationId: `${symbol}-b1m-${atMs}`,
    atMs,
    service: 'order-execution',
    ...body,
  });
  const [one, hundred] = [quantity('0.01'), price('60123.45')];
  const intent: OrderIntent = {
    clientOrderId,
    strategy,
    symbol,
    side: 'BUY',
    terms: { type: 'LIMIT', quantity: one, price: hundred, timeInForce: 'GTC' },
    tag: 'cross up',
    decidedAtMs: atMs,
  };
  const record = (state: OrderRecord['state'], executed: boolean): OrderRecord => ({
    clientOrderId,
    symbol,
    state,
    venueOrderId: 1_000_000 + number,
    quantity: one,
    executedQuantity: executed ? one : zero(),
    executedQuoteAmount: executed ? quoteAmount('601.2345') : zero(),
    preventedQuantity: zero(),
  });
  const order = (state: OrderRecord['state'], kind: 'accepted' | 'filled_in_full'): EventBody => ({
    kind: 'order',
    strategy,
    event: kind,
    record: record(state, state === 'filled'),
    isOurs: true,
  });
  return [
    [
      event('signal', {
        kind: 'signal',
        signal: { strategy, symbol, decidedAtMs: atMs, expiresAtMs: atMs + 5000, action: 'order', intent },
      }),
      event('verdict', {
        kind: 'verdict',
        strategy,
        symbol,
        clientOrderId,
        isApproved: true,
        checks: CHECKS,
      }),
      event('intent', { kind: 'intent', wanted: intent, expiresAtMs: atMs + 5000, epoch }),
    ],
    [
      event('answer', {
        kind: 'answer',
        call: 'place',
        symbol,
        clientOrderId,
        outcome: 'done',
        latencyMs: 12.25,
      }),
      event('accepted', order('working', 'accepted')),
    ],
    [event('fill', fillOf(intent, number, atMs)), event('filled', order('filled', 'filled_in_full'))],
  ];
}

const CHECKS = ['order_notional', 'position', 'exposure', 'daily_loss', 'order_rate', 'price_age'].map(
  (check) => ({
    check,
    isPassed: true,
    was: '601.2345',
    limit: '1000',
    unit: 'USDT',
  }),
);

function fillOf(intent: OrderIntent, number: number, timeMs: number): EventBody {
  const { clientOrderId, strategy, symbol, tag } = intent;
  const asset = symbol.slice(0, 3);
  const bought = amount(asset, '0.01');
  const fee = amount('USDT', '0.6012345');
  const paid = amount('USDT', '601.2345');
  return {
    kind: 'fill',
    fill: {
      clientOrderId,
      strategy,
      symbol,
      side: 'BUY',
      quantity: quantity('0.01'),
      price: price('60123.45'),
      fee: { asset: 'USDT', amount: fee },
      liquidity: 'MAKER',
      tradeId: number,
      timeMs,
      tag,
    },
    venueOrderId: 1_000_000 + number,
    quoteAmount: quoteAmount('601.2345'),
    postings: [
      { subAccount: strategy, account: 0, asset, amount: bought },
      { subAccount: strategy, account: 2, asset, amount: amount(asset, '-0.01') },
      { subAccount: strategy, account: 0, asset: 'USDT', amount: amount('USDT', '-601.8357345') },
      { subAccount: strategy, account: 2, asset: 'USDT', amount: paid },
      { subAccount: strategy, account: 3, asset: 'USDT', amount: fee },
    ],
    position: {
      strategy,
      symbol,
      quantity: quantity('0.01'),
      cost: quoteAmount('601.8357345'),
      realizedPnl: zero(),
      realizedBefore: zero(),
    },
    realizedPnl: zero(),
    quoteAsset: 'USDT',
  };
}
