import type { ExchangePort } from '../exchange/index.ts';
import { fixedPoint } from '../notation/fixed-point.ts';
import { crossed } from './answer-changes.ts';
import type { MessageFacts } from './facts.ts';
import { editJson } from './json-edit.ts';
import type { MessageEdit } from './message-fate.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What a message is about. Two kinds carry no event type: they are called `bookTicker` and `partialDepth` here. */
export function marketFacts(stream: string, text: string): MessageFacts {
  const root: unknown = JSON.parse(text);
  const body = carried(root);
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const { e, s } = isObject(first) ? first : {};
  const at = stream.indexOf('@');
  const symbolOfStream = at > 0 && !stream.startsWith('!') ? stream.slice(0, at).toUpperCase() : undefined;
  return {
    event: textIn(e) ?? (isObject(first) && 'lastUpdateId' in first ? 'partialDepth' : 'bookTicker'),
    symbol: Array.isArray(body) ? undefined : (textIn(s) ?? symbolOfStream),
    account: undefined,
    stream,
    body: () => body,
  };
}

/** What a message carries, without the envelope of combined streams. */
const carried = (root: unknown): unknown => (isObject(root) && isEnvelope(root) ? root.data : root);
const isEnvelope = (root: Fields): boolean => typeof root.stream === 'string' && 'data' in root;

/** The text of a message after an edit of what it carries. */
export function editMarketMessage(text: string, edit: MessageEdit, exchange: ExchangePort): string {
  const root = JSON.parse(text);
  const body = carried(root);
  const edited = edit.fault === 'cross_book_message' ? crossMessage(body, exchange) : editJson(body, edit);
  return JSON.stringify(isObject(root) && isEnvelope(root) ? { ...root, data: edited } : edited);
}

/** A difference becomes crossed by a bid that is as high as the best ask of now; a whole book by its two best changing places. */
function crossMessage(body: unknown, exchange: ExchangePort): unknown {
  if (!isObject(body)) return body;
  if ('A' in body && 'B' in body) return { ...body, b: body.a, B: body.A, a: body.b, A: body.B };
  if (body.e !== 'depthUpdate') return crossed(body);
  const ask = exchange.bestAsk(String(body.s));
  if (ask === undefined || !Array.isArray(body.b)) return body;
  return { ...body, b: [[fixedPoint(ask.price), fixedPoint(ask.quantity)], ...body.b] };
}
