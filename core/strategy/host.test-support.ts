import { still, testBars, testInstrument } from '../market/market.test-support.ts';
import { type Price, price } from '../money/index.ts';
import type { OrderIntent, OrderListIntent } from '../orders/index.ts';
import { Portfolio } from '../portfolio/index.ts';
import {
  BarCursor,
  type Context,
  defineStrategy,
  type OrderDesk,
  type Strategy,
  StrategyHost,
} from './index.ts';

/** Takes every order and lets the test see it. */
export class OpenDesk implements OrderDesk {
  readonly orders: OrderIntent[] = [];
  readonly lists: OrderListIntent[] = [];
  readonly canceled: string[] = [];

  submit(intent: OrderIntent): void {
    this.orders.push(intent);
  }
  submitList(list: OrderListIntent): void {
    this.lists.push(list);
  }
  cancel(symbol: string, clientOrderId: string): void {
    this.canceled.push(`${symbol} ${clientOrderId}`);
  }
  openOrders(symbol: string): readonly OrderIntent[] {
    return this.orders.filter((order) => order.symbol === symbol);
  }
}

/** A host for BTCUSDT and ETHUSDT, at 100 and 10, with an empty purse. */
export function hostOf(create: (context: Context) => Strategy, warmup = 0) {
  const desk = new OpenDesk();
  const portfolio = new Portfolio();
  const prices: Record<string, Price | undefined> = { BTCUSDT: price('100'), ETHUSDT: price('10') };
  const instruments = ['BTC/USDT', 'ETH/USDT'].map((pair) => testInstrument(pair));
  const cursors = ['BTCUSDT', 'ETHUSDT'].map(
    (symbol) => new BarCursor(testBars(symbol, Array(5).fill(still(100)))),
  );
  const definition = defineStrategy({
    name: 'probe',
    summary: 'For a test.',
    parameters: {},
    warmup: () => warmup,
    create,
  });
  const host = new StrategyHost(
    {
      definition,
      values: {},
      setup: { symbols: ['BTCUSDT', 'ETHUSDT'], interval: '1m' },
      instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
      portfolio,
      priceOf: (symbol) => ({
        get lastPrice() {
          return prices[symbol];
        },
      }),
      desk,
    },
    cursors.map(({ view }) => view),
  );
  return { host, desk, portfolio, prices, cursors };
}

/** A host whose context the test uses itself. */
export function contextOf(warmup = 0) {
  let context: Context | undefined;
  const made = hostOf((given) => {
    context = given;
    return {};
  }, warmup);
  return { ...made, context: context! };
}
