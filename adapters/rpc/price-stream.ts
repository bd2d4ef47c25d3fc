import type { MarketSnapshot } from '@tradewind/proto';
import { decodeWith, marketDataMethods } from '@tradewind/proto/codec';
import type { FollowPricesResponse } from '@tradewind/proto/generated/market_data_pb.js';
import { agoMs } from '@tradewind/utils';
import { LastingStream, type StreamSource } from './lasting-stream.ts';

/** What was told longer ago than this is asked for. The service tells it anew twice within it at least. */
const TOLD_LASTS_MS = 600;

interface Told {
  readonly snapshot: MarketSnapshot;
  /** When the service told it, epoch ms of its clock: it may have come late. */
  readonly wallMs: number;
  /** When it came. */
  readonly elapsedMs: number;
}

/** The same so many ms later. An age below zero, of a clock that runs wrong, does not pass with time. */
export function older(snapshot: MarketSnapshot, byMs: number): MarketSnapshot {
  const { referencePriceAgeMs: ageMs } = snapshot;
  return ageMs === undefined || ageMs < 0 ? snapshot : { ...snapshot, referencePriceAgeMs: ageMs + byMs };
}

/** What symbols are worth, told without being asked, so that who needs a price has it at once. */
export class PriceStream {
  private readonly source: StreamSource<FollowPricesResponse>;
  private readonly stream: LastingStream<FollowPricesResponse>;
  private readonly told = new Map<string, Told>();

  constructor(source: StreamSource<FollowPricesResponse>) {
    this.source = source;
    this.stream = new LastingStream({
      ...source,
      take: (response) => this.take(response),
      // What it has told gets older by itself.
      ended: () => undefined,
    });
  }

  /** With its age as it is by now; undefined when nothing was told of it lately. */
  latest(symbol: string): MarketSnapshot | undefined {
    const told = this.told.get(symbol);
    if (told === undefined) return undefined;
    const ms = agoMs(this.source.outside.clock, told);
    return ms > TOLD_LASTS_MS ? undefined : older(told.snapshot, ms);
  }

  end(): void {
    this.stream.end();
  }

  private take(response: FollowPricesResponse): string | undefined {
    const decoded = decodeWith(marketDataMethods.followPrices.response, response);
    if (!decoded.ok) return `prices cannot be read: ${decoded.error.path} ${decoded.error.problem}`;
    const { toldAtMs: wallMs, snapshots } = decoded.value;
    const elapsedMs = this.source.outside.clock.elapsedMs();
    for (const snapshot of snapshots)
      this.told.set(snapshot.instrument.symbol, { snapshot, wallMs, elapsedMs });
    return undefined;
  }
}
