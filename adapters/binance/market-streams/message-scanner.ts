import type { Lots, Ticks } from '@tradewind/core/market';
import { ByteTable } from './byte-table.ts';
import { ByteValues, CLOSE_BRACE, COMMA, codeOf, NOT_PLAIN, QUOTE, spellingOf } from './byte-values.ts';
import { type KnownHead, KnownHeads } from './known-heads.ts';
import {
  AGG_TRADE_FORM,
  ASKS,
  BIDS,
  DEPTH_FORM,
  FLAG,
  INTEGER,
  type MessageForm,
  PRICE,
  QUANTITY,
  QUOTE_FORM,
  SKIP,
  SYMBOL,
  TRADE_FORM,
} from './message-forms.ts';
import { MessageReader } from './message-reader.ts';
import {
  type MessageKind,
  type MessageRefusal,
  type OtherMessage,
  ScannedDepth,
  ScannedQuote,
  ScannedTrade,
  type StreamMarket,
} from './scanned.ts';

/**
 * Reads messages of market streams, raw or in the combined envelope, from their bytes. The hot ones (depthUpdate, trade,
 * aggTrade, bookTicker; binance-spot.md section 8.3) become exact whole numbers without anything being allocated.
 *
 * Two readers share the work. The quick one walks the compact form that the venue sends, its fields in any order as long as
 * the symbol comes before what is counted on its grid, past fields that it does not know; what it accepts is right.
 * Everything else, the merely unusual and the broken, goes to the general one (`MessageReader`), which decides by
 * `JSON.parse` and exact decimals.
 */
export class MessageScanner {
  readonly depth = new ScannedDepth();
  readonly trade = new ScannedTrade();
  readonly quote = new ScannedQuote();
  private readonly markets: readonly StreamMarket[];
  private readonly symbols: ByteTable;
  private readonly heads: KnownHeads;
  private readonly reader: MessageReader;
  private readonly values = new ByteValues();
  /** The values of the message's fields, by the byte of their key. */
  private readonly fields = new Float64Array(256);
  /** The market of the message before: most often it is this one's too. */
  private marketIndex = 0;
  private slowCount = 0;

  /** @param markets  of different symbols; messages about others are refused */
  constructor(markets: readonly StreamMarket[]) {
    this.markets = markets;
    const symbols = markets.map(({ symbol }) => symbol);
    this.symbols = new ByteTable(symbols);
    this.heads = new KnownHeads(symbols);
    this.reader = new MessageReader(markets, this);
  }

  /** What the last message was when it was an `other` one. */
  get other(): OtherMessage {
    return this.reader.other;
  }

  /** Why the last message was refused when it was. */
  get refusal(): MessageRefusal {
    return this.reader.refusal;
  }

  /** How many messages were not plain. Hot ones among them mean that the venue has changed how it writes. */
  get slowMessages(): number {
    return this.slowCount;
  }

  /**
   * @param bytes  one whole message; it is not kept
   * @returns which of `depth`, `trade` (also for an aggTrade), `quote`, `other` and `refusal` holds it until the next call
   */
  scan(bytes: Uint8Array): MessageKind {
    const kind = this.scanPlain(bytes);
    if (kind !== undefined) return kind;
    this.slowCount += 1;
    return this.reader.read(bytes);
  }

  private scanPlain(message: Uint8Array): MessageKind | undefined {
    const { values } = this;
    const last = message.length - 1;
    if (message.length < SHORTEST || message[last] !== CLOSE_BRACE) return undefined;
    values.begin(message);
    const head = this.heads.find(values);
    if (head !== undefined) {
      this.marketIndex = head.marketIndex;
      if (message[last - 1] !== CLOSE_BRACE) return undefined;
      return this.scanKind(head.kind, head.spelling.length, last - 1);
    }
    if (!values.spells(0, ENVELOPE)) return this.scanEvent(0, last);
    const at = values.text(ENVELOPE.length);
    if (at === NOT_PLAIN || values.bytes[last - 1] !== CLOSE_BRACE || !values.spells(at, DATA))
      return undefined;
    return this.scanEvent(at + DATA.length, last - 1);
  }

  /** @param last  where the event's own closing brace has to be */
  private scanEvent(at: number, last: number): MessageKind | undefined {
    const { values } = this;
    if (values.spells(at, QUOTE_START)) return this.scanKind('quote', at + 1, last);
    if (!values.spells(at, EVENT_START)) return undefined;
    at += EVENT_START.length;
    if (values.spells(at, TRADE)) return this.scanKind('trade', at + TRADE.length, last);
    if (values.spells(at, DEPTH)) return this.scanKind('depth', at + DEPTH.length, last);
    if (values.spells(at, AGG_TRADE)) return this.scanKind('aggTrade', at + AGG_TRADE.length, last);
    return undefined;
  }

  /** @param at  the first key after the event type */
  private scanKind(kind: KnownHead['kind'], at: number, last: number): MessageKind | undefined {
    switch (kind) {
      case 'quote':
        return this.scanFields(at, last, QUOTE_FORM) && this.takeQuote() ? kind : undefined;
      case 'trade':
        return this.scanFields(at, last, TRADE_FORM) && this.takeTrade() ? kind : undefined;
      case 'depth':
        return this.scanFields(at, last, DEPTH_FORM) && this.takeDepth() ? kind : undefined;
      case 'aggTrade':
        return this.scanFields(at, last, AGG_TRADE_FORM) && this.takeAggTrade() ? kind : undefined;
    }
  }

  /** Whether everything from the key at `at` to the brace at `last` is plain, every field of the form being there once. */
  private scanFields(at: number, last: number, form: MessageForm): boolean {
    const { values, fields, depth } = this;
    const { bytes, view } = values;
    let seen = 0;
    // Unknown, and so not to be counted with, until the symbol has been read.
    let priceDecimals = -1;
    let quantityDecimals = -1;
    for (;;) {
      if (last - at < SHORTEST_FIELD) return false;
      const word = view.getInt32(at, true);
      if ((word & AROUND_KEY) !== KEY) return false;
      const key = (word >> 8) & 0xff;
      const bit = form.bits[key]!;
      // Of two fields of one name the last one counts, which is for the general reader to find out.
      if ((seen & bit) !== 0) return false;
      seen |= bit;
      at += 4;
      switch (form.how[key]) {
        case INTEGER:
          at = values.integer(at);
          break;
        case PRICE:
          if (priceDecimals < 0 || bytes[at] !== QUOTE) return false;
          at = values.decimal(at + 1, priceDecimals);
          break;
        case QUANTITY:
          if (priceDecimals < 0 || bytes[at] !== QUOTE) return false;
          at = values.decimal(at + 1, quantityDecimals);
          break;
        case FLAG:
          at = values.flag(at);
          break;
        case SYMBOL: {
          at = this.scanSymbol(at);
          if (at === NOT_PLAIN) return false;
          const { grid } = this.markets[this.marketIndex]!;
          priceDecimals = grid.priceDecimals;
          quantityDecimals = grid.quantityDecimals;
          break;
        }
        case BIDS:
          if (priceDecimals < 0) return false;
          at = values.levels(at, depth.bids, priceDecimals, quantityDecimals);
          break;
        case ASKS:
          if (priceDecimals < 0) return false;
          at = values.levels(at, depth.asks, priceDecimals, quantityDecimals);
          break;
        case SKIP:
          at = values.skip(at);
          break;
        default:
          return false;
      }
      if (at === NOT_PLAIN) return false;
      fields[key] = values.value;
      const next = bytes[at];
      if (next === CLOSE_BRACE) return at === last && seen === form.required;
      if (next !== COMMA) return false;
      at += 1;
    }
  }

  private scanSymbol(at: number): number {
    const { values, symbols } = this;
    const { bytes } = values;
    if (bytes[at] !== QUOTE) return NOT_PLAIN;
    const start = at + 1;
    const same = symbols.endOfName(this.marketIndex, bytes, start);
    if (bytes[same] === QUOTE) return same + 1;
    const end = values.text(start);
    const index = end === NOT_PLAIN ? -1 : symbols.find(bytes, start, end - 1);
    if (index === -1) return NOT_PLAIN;
    this.marketIndex = index;
    return end;
  }

  private takeDepth(): boolean {
    const { depth, fields } = this;
    depth.market = this.markets[this.marketIndex]!;
    depth.eventTimeMs = fields[UPPER_E]!;
    depth.firstUpdateId = fields[UPPER_U]!;
    depth.lastUpdateId = fields[LOWER_U]!;
    return depth.firstUpdateId <= depth.lastUpdateId;
  }

  private takeTrade(): boolean {
    const { trade, fields } = this;
    trade.id = fields[LOWER_T]!;
    trade.firstTradeId = trade.id;
    trade.lastTradeId = trade.id;
    return this.takeTerms();
  }

  private takeAggTrade(): boolean {
    const { trade, fields } = this;
    trade.id = fields[LOWER_A]!;
    trade.firstTradeId = fields[LOWER_F]!;
    trade.lastTradeId = fields[LOWER_L]!;
    return this.takeTerms() && trade.firstTradeId <= trade.lastTradeId;
  }

  private takeTerms(): boolean {
    const { trade, fields } = this;
    trade.market = this.markets[this.marketIndex]!;
    trade.eventTimeMs = fields[UPPER_E]!;
    trade.price = fields[LOWER_P] as Ticks;
    trade.quantity = fields[LOWER_Q] as Lots;
    trade.timeMs = fields[UPPER_T]!;
    trade.buyerIsMaker = fields[LOWER_M] === 1;
    return trade.price > 0 && trade.quantity > 0;
  }

  private takeQuote(): boolean {
    const { quote, fields } = this;
    quote.market = this.markets[this.marketIndex]!;
    quote.updateId = fields[LOWER_U]!;
    quote.bidPrice = fields[LOWER_B] as Ticks;
    quote.bidQuantity = fields[UPPER_B] as Lots;
    quote.askPrice = fields[LOWER_A] as Ticks;
    quote.askQuantity = fields[UPPER_A] as Lots;
    return quote.bidPrice > 0 === quote.bidQuantity > 0 && quote.askPrice > 0 === quote.askQuantity > 0;
  }
}

const ENVELOPE = spellingOf('{"stream":"');
const DATA = spellingOf(',"data":');
const QUOTE_START = spellingOf('{"u":');
const EVENT_START = spellingOf('{"e":"');
const TRADE = spellingOf('trade",');
const DEPTH = spellingOf('depthUpdate",');
const AGG_TRADE = spellingOf('aggTrade",');
/** No hot message is so short. */
const SHORTEST = 40;
/** A key of one letter and a value of one digit. */
const SHORTEST_FIELD = 5;
/** What stands around the letter of a key, `"k":`, the first byte being the lowest. */
const KEY = 0x3a_22_00_22;
const AROUND_KEY = 0xff_ff_00_ff | 0;

const LOWER_A = codeOf('a');
const LOWER_B = codeOf('b');
const LOWER_F = codeOf('f');
const LOWER_L = codeOf('l');
const LOWER_M = codeOf('m');
const LOWER_P = codeOf('p');
const LOWER_Q = codeOf('q');
const LOWER_T = codeOf('t');
const LOWER_U = codeOf('u');
const UPPER_A = codeOf('A');
const UPPER_B = codeOf('B');
const UPPER_E = codeOf('E');
const UPPER_T = codeOf('T');
const UPPER_U = codeOf('U');
