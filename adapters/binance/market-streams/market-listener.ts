import type { MissingBar } from './bar-watch.ts';
import type { SubscriptionRefusal } from './connection-subscriptions.ts';
import type { MarketEvent } from './market-event.ts';
import type { EventRefusal } from './read-event.ts';
import type { MessageRefusal, ScannedDepth, ScannedQuote, ScannedTrade } from './scanned.ts';
import type { Stream } from './stream.ts';

/**
 * What `MarketStreams` tells. The hot ones come in the order of their ids, each once; their objects are overwritten by the
 * next message (`tradeOf`, `quoteOf` make what can be kept). Whoever listens does not throw.
 */
export interface MarketListener {
  trade?(trade: ScannedTrade): void;
  aggTrade?(trade: ScannedTrade): void;
  quote?(quote: ScannedQuote): void;
  depth?(depth: ScannedDepth): void;
  event?(event: MarketEvent): void;

  /** From here on nothing of the stream is lost, as far as is known. */
  up?(stream: Stream): void;
  /** What the venue says from here on, until `up`, is lost. */
  down?(stream: Stream): void;
  /** What arrives next is not what follows on what came before. */
  gap?(gap: StreamGap): void;
  /** The venue counts anew from a lower id: nothing of what was known before fits any more. */
  restarted?(stream: Stream): void;
  barMissing?(bar: MissingBar): void;
  /** Nothing has come for longer than the stream's limit, although it is subscribed. It is being subscribed anew. */
  silent?(stream: Stream, silentMs: number): void;
  /** After `silent`: something has come. */
  heard?(stream: Stream): void;
  /** The venue will not have the name. */
  subscriptionRefused?(stream: Stream, refusal: SubscriptionRefusal): void;
  /** A message of which nothing was taken. */
  messageRefused?(refusal: StreamRefusal): void;
}

export interface StreamGap {
  readonly stream: Stream;
  /** The first and the last id that did not come: trade ids, aggregate ids, or update ids of a book. */
  readonly firstMissingId: number;
  readonly lastMissingId: number;
}

export type StreamRefusal =
  | MessageRefusal
  | EventRefusal
  /** It belongs to nothing that is subscribed to, or asked. */
  | { readonly reason: 'unasked' };
