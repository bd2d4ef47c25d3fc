import type { LevelList, Lots, Ticks } from '@tradewind/core/market';
import { parsePrice, parseQuantity } from '@tradewind/core/money';
import type {
  MessageKind,
  MessageRefusal,
  OtherMessage,
  ScannedDepth,
  ScannedQuote,
  ScannedTrade,
  StreamMarket,
} from './scanned.ts';

/** Where hot messages are put. */
interface Targets {
  readonly depth: ScannedDepth;
  readonly trade: ScannedTrade;
  readonly quote: ScannedQuote;
}

/** Thrown and caught in this file only: reading stops at the first thing that is wrong, however deep. */
class Refused extends Error {
  readonly refusal: MessageRefusal;

  constructor(refusal: MessageRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/**
 * The general reader of messages: all of JSON, by `JSON.parse` and exact decimals. It takes tens of times as long as the
 * quick one of `MessageScanner`, which leaves to it what is not hot or not plain.
 */
export class MessageReader {
  other: OtherMessage = { stream: undefined, data: undefined };
  refusal: MessageRefusal = { reason: 'not_json' };
  private readonly markets: ReadonlyMap<string, StreamMarket>;
  private readonly targets: Targets;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(markets: readonly StreamMarket[], targets: Targets) {
    this.markets = new Map(markets.map((market) => [market.symbol, market]));
    this.targets = targets;
  }

  read(bytes: Uint8Array): MessageKind {
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.decoder.decode(bytes));
    } catch {
      this.refusal = { reason: 'not_json' };
      return 'refused';
    }
    const message = withoutEnvelope(parsed);
    const kind = kindOf(message.data);
    if (kind === 'other') {
      this.other = message;
      return kind;
    }
    try {
      this.take(kind, message.data as Fields);
      return kind;
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      this.refusal = problem.refusal;
      return 'refused';
    }
  }

  private take(kind: HotKind, fields: Fields): void {
    const { symbol } = stringsOf(kind, fields, { symbol: 's' });
    const market = this.markets.get(symbol);
    if (market === undefined) throw new Refused({ reason: 'unknown_symbol', symbol });
    if (kind === 'depth') this.takeDepth(market, fields);
    else if (kind === 'quote') this.takeQuote(market, fields);
    else this.takeTrade(kind, market, fields);
  }

  private takeDepth(market: StreamMarket, fields: Fields): void {
    const { depth } = this.targets;
    const read = new FieldReading('depth', market, fields);
    depth.market = market;
    depth.eventTimeMs = read.integer('E');
    depth.firstUpdateId = read.integer('U');
    depth.lastUpdateId = read.integer('u');
    read.levels('b', depth.bids);
    read.levels('a', depth.asks);
    if (depth.firstUpdateId > depth.lastUpdateId) read.refuse('U');
  }

  private takeTrade(kind: 'trade' | 'aggTrade', market: StreamMarket, fields: Fields): void {
    const { trade } = this.targets;
    const read = new FieldReading(kind, market, fields);
    trade.market = market;
    trade.eventTimeMs = read.integer('E');
    trade.id = read.integer(kind === 'trade' ? 't' : 'a');
    trade.firstTradeId = kind === 'trade' ? trade.id : read.integer('f');
    trade.lastTradeId = kind === 'trade' ? trade.id : read.integer('l');
    trade.price = read.ticks('p', fields.p);
    trade.quantity = read.lots('q', fields.q);
    trade.timeMs = read.integer('T');
    trade.buyerIsMaker = read.flag('m');
    // No trade is made at nothing or of nothing.
    if (trade.price === 0) read.refuse('p');
    if (trade.quantity === 0) read.refuse('q');
    if (trade.firstTradeId > trade.lastTradeId) read.refuse('f');
  }

  private takeQuote(market: StreamMarket, fields: Fields): void {
    const { quote } = this.targets;
    const read = new FieldReading('quote', market, fields);
    quote.market = market;
    quote.updateId = read.integer('u');
    quote.bidPrice = read.ticks('b', fields.b);
    quote.bidQuantity = read.lots('B', fields.B);
    quote.askPrice = read.ticks('a', fields.a);
    quote.askQuantity = read.lots('A', fields.A);
    // A side is empty with both of its numbers, or with neither.
    if (quote.bidPrice > 0 !== quote.bidQuantity > 0) read.refuse('B');
    if (quote.askPrice > 0 !== quote.askQuantity > 0) read.refuse('A');
  }
}

type HotKind = 'depth' | 'trade' | 'aggTrade' | 'quote';
type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withoutEnvelope(message: unknown): OtherMessage {
  if (isObject(message) && typeof message.stream === 'string' && Object.hasOwn(message, 'data')) {
    return { stream: message.stream, data: message.data };
  }
  return { stream: undefined, data: message };
}

function kindOf(data: unknown): HotKind | 'other' {
  if (!isObject(data)) return 'other';
  switch (data.e) {
    case 'depthUpdate':
      return 'depth';
    case 'trade':
    case 'aggTrade':
      return data.e;
    case undefined:
      // A quote has no event type (binance-spot.md section 14, trap 25); nothing else has a symbol, an update id and sides.
      return Object.hasOwn(data, 'u') && Object.hasOwn(data, 's') ? 'quote' : 'other';
    default:
      return 'other';
  }
}

function stringsOf(message: string, fields: Fields, { symbol }: { symbol: string }): { symbol: string } {
  const value = fields[symbol];
  if (typeof value !== 'string') throw new Refused({ reason: 'bad_field', message, field: symbol });
  return { symbol: value };
}

class FieldReading {
  private readonly message: HotKind;
  private readonly market: StreamMarket;
  private readonly fields: Fields;

  constructor(message: HotKind, market: StreamMarket, fields: Fields) {
    this.message = message;
    this.market = market;
    this.fields = fields;
  }

  refuse(field: string): never {
    throw new Refused({ reason: 'bad_field', message: this.message, field });
  }

  integer(field: string): number {
    const value = this.fields[field];
    if (!Number.isSafeInteger(value) || (value as number) < 0) this.refuse(field);
    // JSON has a minus zero, and no id is one.
    return (value as number) + 0;
  }

  flag(field: string): boolean {
    const value = this.fields[field];
    return typeof value === 'boolean' ? value : this.refuse(field);
  }

  ticks(field: string, value: unknown): Ticks {
    const parsed = typeof value === 'string' ? parsePrice(value) : undefined;
    if (parsed === undefined || (!parsed.ok && parsed.error.reason === 'not_a_decimal')) this.refuse(field);
    return this.counted(
      field,
      value as string,
      parsed.ok ? this.market.grid.ticksOf(parsed.value) : undefined,
    );
  }

  lots(field: string, value: unknown): Lots {
    const parsed = typeof value === 'string' ? parseQuantity(value) : undefined;
    if (parsed === undefined || (!parsed.ok && parsed.error.reason === 'not_a_decimal')) this.refuse(field);
    return this.counted(
      field,
      value as string,
      parsed.ok ? this.market.grid.lotsOf(parsed.value) : undefined,
    );
  }

  levels(field: string, levels: LevelList): void {
    const rows = this.fields[field];
    if (!Array.isArray(rows)) this.refuse(field);
    levels.clear();
    for (const row of rows as readonly unknown[]) {
      if (!Array.isArray(row) || row.length !== 2) this.refuse(field);
      const price = this.ticks(field, row[0]);
      if (price === 0) this.refuse(field);
      levels.push(price, this.lots(field, row[1]));
    }
  }

  private counted<Count extends number>(field: string, text: string, count: Count | undefined): Count {
    if (count === undefined) {
      throw new Refused({
        reason: 'not_on_grid',
        symbol: this.market.symbol,
        field,
        text: text.slice(0, TEXT_KEPT),
      });
    }
    // A price or a quantity is never below zero.
    if (count < 0) this.refuse(field);
    return count;
  }
}

/** Of a text that is refused so much is told. */
const TEXT_KEPT = 40;
