import { Grid, type LevelList } from '@tradewind/core/market';
import {
  type ParseRefusal,
  type Price,
  parsePrice,
  parseQuantity,
  type Quantity,
} from '@tradewind/core/money';
import type { Result } from '@tradewind/core/result';
import type { MessageScanner } from './message-scanner.ts';
import type { MessageKind, StreamMarket } from './scanned.ts';

/** What a message says, in values that can be compared. `refused` for all that must be refused, whatever the reason. */
export type Reading = 'refused' | 'other' | { readonly kind: MessageKind; readonly [field: string]: unknown };

export const market = (symbol: string, priceDecimals: number, quantityDecimals: number): StreamMarket => ({
  symbol,
  grid: new Grid(priceDecimals, quantityDecimals),
});

/** The slow way that nobody doubts: all of the text through JSON.parse, each decimal through the exact money of the core. */
export function readPlainly(markets: readonly StreamMarket[], bytes: Uint8Array): Reading {
  let message: unknown;
  try {
    message = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return 'refused';
  }
  const data =
    isRecord(message) && typeof message.stream === 'string' && 'data' in message ? message.data : message;
  if (!isRecord(data)) return 'other';
  const isQuote = !Object.hasOwn(data, 'e') && Object.hasOwn(data, 'u') && Object.hasOwn(data, 's');
  const kind = isQuote ? 'quote' : KINDS.get(data.e);
  if (kind === undefined) return 'other';
  const found = markets.find(({ symbol }) => symbol === data.s);
  if (found === undefined) return 'refused';
  try {
    return READERS[kind](data, found.grid);
  } catch {
    return 'refused';
  }
}

type Data = Record<string, unknown>;
const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KINDS = new Map<unknown, keyof typeof READERS>([
  ['depthUpdate', 'depth'],
  ['trade', 'trade'],
  ['aggTrade', 'aggTrade'],
]);

const READERS = {
  depth: (data: Data, grid: Grid): Reading =>
    check(whole(data.U) <= whole(data.u), {
      kind: 'depth',
      symbol: data.s,
      eventTimeMs: whole(data.E),
      firstUpdateId: whole(data.U),
      lastUpdateId: whole(data.u),
      bids: pairs(data.b, grid),
      asks: pairs(data.a, grid),
    }),
  trade: (data: Data, grid: Grid): Reading => ({
    kind: 'trade',
    id: whole(data.t),
    firstTradeId: whole(data.t),
    lastTradeId: whole(data.t),
    ...terms(data, grid),
  }),
  aggTrade: (data: Data, grid: Grid): Reading =>
    check(whole(data.f) <= whole(data.l), {
      kind: 'aggTrade',
      id: whole(data.a),
      firstTradeId: whole(data.f),
      lastTradeId: whole(data.l),
      ...terms(data, grid),
    }),
  quote: (data: Data, grid: Grid): Reading => {
    const [bidPrice, bidQuantity] = [ticks(data.b, grid), lots(data.B, grid)];
    const [askPrice, askQuantity] = [ticks(data.a, grid), lots(data.A, grid)];
    const isEmptyByHalf = (price: number, quantity: number) => (price === 0) !== (quantity === 0);
    return check(!isEmptyByHalf(bidPrice, bidQuantity) && !isEmptyByHalf(askPrice, askQuantity), {
      kind: 'quote',
      symbol: data.s,
      updateId: whole(data.u),
      bidPrice,
      bidQuantity,
      askPrice,
      askQuantity,
    });
  },
};

const terms = (data: Data, grid: Grid) => ({
  symbol: data.s,
  eventTimeMs: whole(data.E),
  price: above(ticks(data.p, grid)),
  quantity: above(lots(data.q, grid)),
  timeMs: whole(data.T),
  buyerIsMaker: boolean(data.m),
});

function check<T>(holds: boolean, value: T): T {
  if (!holds) throw new Error('does not hold');
  return value;
}
const whole = (value: unknown): number =>
  check(Number.isSafeInteger(value) && (value as number) >= 0, Math.abs(value as number));
const boolean = (value: unknown): boolean => check(typeof value === 'boolean', value as boolean);
const above = (count: number): number => check(count > 0, count);

function exact<E, C extends number>(
  value: unknown,
  parse: (text: string) => Result<E, ParseRefusal>,
  count: (exact: E) => C | undefined,
): number {
  const parsed = typeof value === 'string' ? parse(value) : undefined;
  const counted = parsed?.ok === true ? count(parsed.value) : undefined;
  return check(counted !== undefined && counted >= 0, counted as number);
}
const ticks = (value: unknown, grid: Grid): number =>
  exact<Price, number>(value, parsePrice, (price) => grid.ticksOf(price));
const lots = (value: unknown, grid: Grid): number =>
  exact<Quantity, number>(value, parseQuantity, (quantity) => grid.lotsOf(quantity));

const pairs = (value: unknown, grid: Grid): number[][] =>
  check(Array.isArray(value), value as unknown[]).map((row) => {
    const [price, quantity] = check(Array.isArray(row) && row.length === 2, row as unknown[]);
    return [above(ticks(price, grid)), lots(quantity, grid)];
  });

/** What the scanner makes of a message, in the same values. */
export function readByScanner(scanner: MessageScanner, bytes: Uint8Array): Reading {
  const kind = scanner.scan(bytes);
  switch (kind) {
    case 'refused':
    case 'other':
      return kind;
    case 'depth': {
      const { market: found, eventTimeMs, firstUpdateId, lastUpdateId, bids, asks } = scanner.depth;
      const ids = { eventTimeMs, firstUpdateId, lastUpdateId };
      return { kind, symbol: found.symbol, ...ids, bids: listed(bids), asks: listed(asks) };
    }
    case 'trade':
    case 'aggTrade': {
      const { market: found, ...fields } = scanner.trade;
      return { kind, symbol: found.symbol, ...fields };
    }
    case 'quote': {
      const { market: found, ...fields } = scanner.quote;
      return { kind, symbol: found.symbol, ...fields };
    }
  }
}

const listed = ({ prices, quantities, length }: LevelList): number[][] =>
  Array.from({ length }, (_, i) => [prices[i]!, quantities[i]!]);
