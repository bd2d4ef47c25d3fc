import { type Price, parsePrice, parseQuantity, type Quantity } from '@tradewind/core/money';
import type { BookLevel } from '../../exchange/index.ts';
import type { ReplayEvent } from './event.ts';

/**
 * Reads lines of recorded streams: the time of receipt in ns and what was received, a combined envelope, a raw event or the
 * body of a depth snapshot; or a JSON object with `recv_ns`, `path` and `body` for an answer of the REST API. Other events
 * (klines, tickers) are passed over.
 */
export class CaptureReader {
  /** Lines that could not be understood. */
  malformed = 0;
  private readonly fileSymbol: string | undefined;
  private atMs = 0;

  /** @param fileSymbol  whose book it is where the line does not say */
  constructor(fileSymbol: string | undefined) {
    this.fileSymbol = fileSymbol;
  }

  read(line: string): ReplayEvent | undefined {
    const text = line.trim();
    if (text === '') return undefined;
    const brace = text.indexOf('{');
    const body = parse(text.slice(Math.max(0, brace)));
    if (brace < 0 || body === undefined) {
      this.malformed += 1;
      return undefined;
    }
    const nanoseconds = brace > 0 ? text.slice(0, brace).trim() : String(body.recv_ns ?? '');
    if (/^\d{16,20}$/.test(nanoseconds)) this.atMs = Number(BigInt(nanoseconds) / 1000n) / 1000;
    if (isRecord(body.body)) return this.snapshot(body.body, symbolOfPath(String(body.path)));
    const stream = typeof body.stream === 'string' ? body.stream : undefined;
    const event = stream !== undefined && isRecord(body.data) ? body.data : body;
    if (brace === 0 && typeof event.E === 'number') this.atMs = event.E;
    return this.event(event, stream?.split('@')[0]?.toUpperCase());
  }

  private event(event: Fields, streamSymbol: string | undefined): ReplayEvent | undefined {
    switch (event.e) {
      case 'depthUpdate':
        return this.diff(event);
      case 'trade':
      case 'aggTrade':
        return this.trade(event);
      case undefined:
        if (event.lastUpdateId !== undefined) return this.snapshot(event, streamSymbol ?? this.fileSymbol);
        return event.u === undefined ? undefined : this.quote(event);
      default:
        return undefined;
    }
  }

  private diff(event: Fields): ReplayEvent | undefined {
    const bids = levelsOf(event.b);
    const asks = levelsOf(event.a);
    const { s: symbol, U: firstUpdateId, u: lastUpdateId } = event;
    if (
      bids === undefined ||
      asks === undefined ||
      typeof symbol !== 'string' ||
      typeof firstUpdateId !== 'number' ||
      typeof lastUpdateId !== 'number'
    )
      return this.misread();
    return { kind: 'diff', atMs: this.atMs, symbol, firstUpdateId, lastUpdateId, bids, asks };
  }

  private snapshot(event: Fields, symbol: string | undefined): ReplayEvent | undefined {
    const bids = levelsOf(event.bids);
    const asks = levelsOf(event.asks);
    const { lastUpdateId } = event;
    if (bids === undefined || asks === undefined || symbol === undefined || typeof lastUpdateId !== 'number')
      return this.misread();
    return { kind: 'snapshot', atMs: this.atMs, symbol, lastUpdateId, bids, asks };
  }

  private quote(event: Fields): ReplayEvent | undefined {
    const bid = levelOf([event.b, event.B]);
    const ask = levelOf([event.a, event.A]);
    const { s: symbol } = event;
    if (bid === undefined || ask === undefined || typeof symbol !== 'string') return this.misread();
    return { kind: 'quote', atMs: this.atMs, symbol, bid, ask };
  }

  private trade(event: Fields): ReplayEvent | undefined {
    const level = levelOf([event.p, event.q]);
    const { s: symbol, m: isBuyerMaker } = event;
    if (level === undefined || typeof symbol !== 'string' || typeof isBuyerMaker !== 'boolean')
      return this.misread();
    return {
      kind: 'trade',
      atMs: this.atMs,
      symbol,
      ...level,
      takerSide: isBuyerMaker ? 'SELL' : 'BUY',
      isAggregate: event.e === 'aggTrade',
    };
  }

  private misread(): undefined {
    this.malformed += 1;
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const symbolOfPath = (path: string): string | undefined => /[?&]symbol=([^&]+)/.exec(path)?.[1];

function levelsOf(value: unknown): readonly BookLevel[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const levels: BookLevel[] = [];
  for (const pair of value) {
    const level = Array.isArray(pair) ? levelOf(pair) : undefined;
    if (level === undefined) return undefined;
    levels.push(level);
  }
  return levels;
}

function levelOf([price, quantity]: readonly unknown[]):
  | { readonly price: Price; readonly quantity: Quantity }
  | undefined {
  if (typeof price !== 'string' || typeof quantity !== 'string') return undefined;
  const parsedPrice = parsePrice(price);
  const parsedQuantity = parseQuantity(quantity);
  if (!parsedPrice.ok || !parsedQuantity.ok) return undefined;
  return { price: parsedPrice.value, quantity: parsedQuantity.value };
}
