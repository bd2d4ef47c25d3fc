import { exchangeInfoFor } from './venue.ts';

const PER_CYCLE = 10;
/** Of ten messages of a symbol two are trades, one is a diff of the book, the others are quotes. */
const TRADES = [2, 7];
const DIFF = 9;
/** The update id of the snapshot that all diffs follow on. */
const SNAPSHOT_ID = 1000;
const LEVELS = 10;

/** Where a message stands in the line, by what it carries; a strategy finds its due time by it. */
export const places = (symbols: readonly string[]) => {
  const count = symbols.length;
  const at = (symbol: string, own: number): number => own * count + symbols.indexOf(symbol);
  return {
    ofTrade: (symbol: string, id: number): number =>
      at(symbol, Math.floor((id - 1) / TRADES.length) * PER_CYCLE + TRADES[(id - 1) % TRADES.length]!),
    ofQuote: (updateId: number): number => updateId - 1,
    ofBook: (symbol: string, updateId: number): number =>
      at(symbol, (updateId - SNAPSHOT_ID - 1) * PER_CYCLE + DIFF),
  };
};

/** The public side of an exchange, made up: rules, snapshots, and an endless line of messages of its streams, each found by its number. */
export class MarketLine {
  private readonly symbols: readonly string[];
  private readonly info: string;
  /** How many messages have been taken from the line. */
  private taken = 0;

  constructor(symbols: readonly string[]) {
    this.symbols = symbols;
    this.info = JSON.stringify(exchangeInfoFor(symbols));
  }

  /** What is said to a request. */
  answer(path: string, query: string): string {
    switch (path) {
      case '/api/v3/time':
        return JSON.stringify({ serverTime: Date.now() });
      case '/api/v3/exchangeInfo':
        return this.info;
      case '/api/v3/depth':
        return this.snapshot(new URLSearchParams(query).get('symbol')!);
      case '/api/v3/klines':
        return '[]';
      default:
        throw new Error(`the line does not answer ${path}`);
    }
  }

  /** What is said to a command on a stream's socket. */
  reply(text: string): string {
    const { method, params, id } = JSON.parse(text) as { method: string; params?: string[]; id: number };
    if (method === 'SUBSCRIBE') for (const name of params!) this.streams.add(name);
    return JSON.stringify({ id, result: method === 'LIST_SUBSCRIPTIONS' ? [...this.streams] : null });
  }
  private readonly streams = new Set<string>();

  /** The next message of the line. */
  next(): string {
    const place = this.taken;
    this.taken += 1;
    const symbol = this.symbols[place % this.symbols.length]!;
    const own = Math.floor(place / this.symbols.length);
    const within = own % PER_CYCLE;
    const cycle = Math.floor(own / PER_CYCLE);
    const nowMs = Date.now();
    const middle = middleAt(own);
    const name = symbol.toLowerCase();
    const trade = TRADES.indexOf(within);
    if (trade >= 0)
      return `{"stream":"${name}@trade","data":{"e":"trade","E":${nowMs},"s":"${symbol}","t":${cycle * TRADES.length + trade + 1},"p":"${middle}.00000000","q":"0.01000000","T":${nowMs},"m":false,"M":true}}`;
    if (within === DIFF) return this.diff(symbol, cycle, nowMs);
    return `{"stream":"${name}@bookTicker","data":{"u":${place + 1},"s":"${symbol}","b":"${middle - 1}.00000000","B":"1.00000000","a":"${middle + 1}.00000000","A":"2.00000000"}}`;
  }

  private diff(symbol: string, cycle: number, nowMs: number): string {
    const id = SNAPSHOT_ID + cycle + 1;
    const rows = (at: (level: number) => number): string =>
      Array.from(
        { length: LEVELS },
        (_, level) => `["${at(level)}.00000000","${1 + ((cycle + level) % 9)}.00000000"]`,
      ).join(',');
    return `{"stream":"${symbol.toLowerCase()}@depth@100ms","data":{"e":"depthUpdate","E":${nowMs},"s":"${symbol}","U":${id},"u":${id},"b":[${rows((level) => 59_900 - level)}],"a":[${rows((level) => 60_100 + level)}]}}`;
  }

  private snapshot(symbol: string): string {
    const own = Math.ceil((this.taken - this.symbols.indexOf(symbol)) / this.symbols.length);
    return JSON.stringify({
      lastUpdateId: SNAPSHOT_ID + Math.max(0, Math.floor(own / PER_CYCLE)),
      bids: [['59900.00000000', '1.00000000']],
      asks: [['60100.00000000', '1.00000000']],
    });
  }
}

/** Goes up and down between 60 000 and 60 020. */
function middleAt(own: number): number {
  const step = Math.floor(own / 20) % 40;
  return 60_000 + (step < 20 ? step : 40 - step);
}
