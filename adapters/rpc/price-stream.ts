import type { MarketSnapshot } from '@tradewind/proto';
import { decodeWith, marketDataMethods } from '@tradewind/proto/codec';
import type { FollowPricesResponse } from '@tradewind/proto/generated/market_data_pb.js';
import { LastingStream, type LastingStreamParts } from './lasting-stream.ts';

/** What was told longer ago than this is asked for. The service tells it anew twice within it at least. */
const TOLD_LASTS_MS = 600;

interface Told {
  readonly snapshot: MarketSnapshot;
  /** When the service told it, elapsed ms of our own; a message that was late has told it earlier than it came. */
  readonly atMs: number;
}

/** What symbols are worth, told without being asked, so that who needs a price has it at once. */
export class PriceStream {
  private readonly parts: Omit<LastingStreamParts<FollowPricesResponse>, 'take' | 'ended'>;
  private readonly stream: LastingStream<FollowPricesResponse>;
  private readonly told = new Map<string, Told>();

  constructor(parts: Omit<LastingStreamParts<FollowPricesResponse>, 'take' | 'ended'>) {
    this.parts = parts;
    this.stream = new LastingStream({
      ...parts,
      take: (response) => this.take(response),
      // What it has told gets older by itself.
      ended: () => undefined,
    });
  }

  /** With its age as it is by now; undefined when nothing was told of it lately. */
  latest(symbol: string): MarketSnapshot | undefined {
    const told = this.told.get(symbol);
    if (told === undefined) return undefined;
    const agoMs = this.parts.outside.clock.elapsedMs() - told.atMs;
    if (agoMs > TOLD_LASTS_MS) return undefined;
    const { snapshot } = told;
    const { referencePriceAgeMs: ageMs } = snapshot;
    // Below zero a clock runs wrong, and that does not pass with time.
    return ageMs === undefined || ageMs < 0 ? snapshot : { ...snapshot, referencePriceAgeMs: ageMs + agoMs };
  }

  end(): void {
    this.stream.end();
  }

  private take(response: FollowPricesResponse): string | undefined {
    const decoded = decodeWith(marketDataMethods.followPrices.response, response);
    if (!decoded.ok) return `prices cannot be read: ${decoded.error.path} ${decoded.error.problem}`;
    const { toldAtMs, snapshots } = decoded.value;
    const { clock } = this.parts.outside;
    // By the wall clocks of both; where the service's is ahead nothing seems late.
    const lateMs = Math.max(0, clock.nowMs() - toldAtMs);
    const atMs = clock.elapsedMs() - lateMs;
    for (const snapshot of snapshots) this.told.set(snapshot.instrument.symbol, { snapshot, atMs });
    return undefined;
  }
}
