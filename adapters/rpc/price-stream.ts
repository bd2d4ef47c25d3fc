import type { MarketSnapshot } from '@tradewind/proto';
import { decodeWith, marketDataMethods } from '@tradewind/proto/codec';
import type { FollowPricesResponse } from '@tradewind/proto/generated/market_data_pb.js';
import { LastingStream, type StreamSource } from './lasting-stream.ts';

/** What was told longer ago than this is asked for. The service tells it anew twice within it at least. */
const TOLD_LASTS_MS = 600;

interface Told {
  readonly snapshot: MarketSnapshot;
  /** When the service told it, epoch ms of its clock. */
  readonly toldAtMs: number;
  /** When it came, elapsed ms. */
  readonly heardAtMs: number;
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
    const { clock } = this.source.outside;
    // By both clocks, the worse one counting: it may have come late, and the machine may have slept since (faults.md C5).
    const agoMs = Math.max(clock.elapsedMs() - told.heardAtMs, clock.nowMs() - told.toldAtMs);
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
    const heardAtMs = this.source.outside.clock.elapsedMs();
    for (const snapshot of snapshots)
      this.told.set(snapshot.instrument.symbol, { snapshot, toldAtMs, heardAtMs });
    return undefined;
  }
}
