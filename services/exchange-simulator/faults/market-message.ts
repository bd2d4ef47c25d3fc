import type { ExchangePort } from '../exchange/index.ts';
import { fixedPoint } from '../protocol/format/fixed-point.ts';
import { crossed } from './answer-changes.ts';
import type { MessageFacts } from './facts.ts';
import { editJson } from './json-edit.ts';
import type { MessageEdit } from './message-fate.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * What a text on a stream's socket is about; undefined for the answer to a control message, which no fault of messages strikes.
 * @param address  the path and query of the socket: on a raw one a partial book names neither its stream nor its symbol
 */
export function marketFacts(text: string, address: string): MessageFacts | undefined {
  const root: unknown = JSON.parse(text);
  if (!isObject(root) || 'id' in root) return undefined;
  const isCombined = typeof root.stream === 'string' && 'data' in root;
  const body = isCombined ? root.data : root;
  const first = Array.isArray(body) ? body[0] : body;
  if (!isObject(first)) return undefined;
  const event = textIn(first.e) ?? ('lastUpdateId' in first ? 'partialDepth' : 'bookTicker');
  const stream = isCombined ? textIn(root.stream) : streamOf(event, first, address);
  const symbol = Array.isArray(body)
    ? undefined
    : (textIn(first.s) ?? stream?.slice(0, stream.indexOf('@')).toUpperCase());
  return { event, symbol, account: undefined, stream, body: () => body };
}

/** The stream of a raw message: the only one in the address, or what event and symbol say. */
function streamOf(event: string, { s, k }: Fields, address: string): string | undefined {
  const [, only] = /\/ws\/([^/?]+)$/.exec(address) ?? [];
  if (only !== undefined) return decodeURIComponent(only);
  const suffix = event === 'kline' && isObject(k) ? `kline_${k.i}` : SUFFIX_OF_EVENT[event];
  return suffix === undefined || typeof s !== 'string' ? undefined : `${s.toLowerCase()}@${suffix}`;
}

/** A diff depth stream may be the one of 100 ms or of 1 s: `btcusdt@depth*` matches either. */
const SUFFIX_OF_EVENT: Readonly<Record<string, string>> = {
  aggTrade: 'aggTrade',
  trade: 'trade',
  bookTicker: 'bookTicker',
  depthUpdate: 'depth',
  '24hrMiniTicker': 'miniTicker',
  '24hrTicker': 'ticker',
  '1hTicker': 'ticker_1h',
  '4hTicker': 'ticker_4h',
  '1dTicker': 'ticker_1d',
  avgPrice: 'avgPrice',
  referencePrice: 'referencePrice',
  blockTrade: 'blockTrade',
};

/** The text of a message after an edit of what it carries. */
export function editMarketMessage(text: string, edit: MessageEdit, exchange: ExchangePort): string {
  const root = JSON.parse(text);
  const isCombined = isObject(root) && typeof root.stream === 'string' && 'data' in root;
  const body = isCombined ? root.data : root;
  const edited = edit.fault === 'cross_book_message' ? crossMessage(body, exchange) : editJson(body, edit);
  return JSON.stringify(isCombined ? { ...root, data: edited } : edited);
}

/** A difference becomes crossed by a bid that is as high as the best ask of now; a whole book by its two best changing places. */
function crossMessage(body: unknown, exchange: ExchangePort): unknown {
  if (!isObject(body)) return body;
  if (body.e !== 'depthUpdate') return crossed('A' in body ? crossTicker(body) : body);
  const ask = exchange.bestAsk(String(body.s));
  if (ask === undefined || !Array.isArray(body.b)) return body;
  return { ...body, b: [...body.b, [fixedPoint(ask.price), fixedPoint(ask.quantity)]] };
}

const crossTicker = (body: Fields): Fields => ({ ...body, b: body.a, B: body.A, a: body.b, A: body.B });
