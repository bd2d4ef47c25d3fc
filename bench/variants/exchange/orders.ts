import { createHmac } from 'node:crypto';
import { amount } from '@tradewind/core/money';
import { type AccountSetup, builtInExchangeInfo, hmacKey } from '@tradewind/exchange-simulator';

/** Two accounts that trade with each other, so that the book stays small and every second order is filled. */
const OWNERS = ['buyer', 'seller'].map((name) => hmacKey(name.padEnd(64, '0'), `secret of the ${name}`));

export const ACCOUNTS: readonly AccountSetup[] = OWNERS.map((key) => ({
  balances: [
    ['BTC', amount('BTC', '1000000')],
    ['USDT', amount('USDT', '100000000000')],
  ],
  keys: [key],
}));

/** The built-in exchange info, but for what ends a flood of orders: limits, and how many orders may be open. */
export function exchangeInfo(): unknown {
  const builtIn = builtInExchangeInfo(['BTCUSDT']);
  if (!builtIn.ok) throw new Error(builtIn.error);
  const info = structuredClone(builtIn.value) as {
    rateLimits: { limit: number }[];
    symbols: { filters: { filterType: string }[] }[];
  };
  for (const limiter of info.rateLimits) limiter.limit = 2 ** 31 - 1;
  for (const symbol of info.symbols) {
    symbol.filters = symbol.filters.filter(({ filterType }) => filterType !== 'MAX_NUM_ORDERS');
  }
  return info;
}

const PRICE = '60000.00';

/** Parameters of the i-th order, in alphabetical order, as the WebSocket API signs them. */
const parametersOf = (i: number, timestamp: number) => ({
  apiKey: OWNERS[i % 2]!.apiKey,
  newClientOrderId: `order-${i}`,
  price: PRICE,
  quantity: '0.00100',
  // The longest window there is: orders are signed before the clock runs.
  recvWindow: 60_000,
  side: i % 2 === 0 ? 'BUY' : 'SELL',
  symbol: 'BTCUSDT',
  timeInForce: 'GTC',
  timestamp,
  type: 'LIMIT',
});

const sign = (i: number, text: string): string =>
  createHmac('sha256', OWNERS[i % 2]!.held)
    .update(text)
    .digest('hex');

/** A REST order: its key goes in a header, its signed parameters in the body. */
export interface RestOrder {
  readonly apiKey: string;
  readonly body: string;
}

export function restOrder(i: number, timestamp: number): RestOrder {
  const { apiKey, ...parameters } = parametersOf(i, timestamp);
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return { apiKey, body: `${text}&signature=${sign(i, text)}` };
}

/** An `order.place` request with i as its id. */
export function webSocketOrder(i: number, timestamp: number): string {
  const parameters = parametersOf(i, timestamp);
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const params = { ...parameters, signature: sign(i, text) };
  return JSON.stringify({ id: i, method: 'order.place', params });
}
