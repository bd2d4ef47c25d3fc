import { formatAmount, formatPrice } from '@tradewind/core/money';
import type { ClosedBar, MarketUpdate } from '@tradewind/proto';
import { readLine } from './session-line.ts';
import { isComplete, type SessionManifest } from './session-manifest.ts';

/** A kline file as `tradewind backtest --data` takes it: rows like those of the exchange's archives. */
export interface KlineFile {
  /** 'BTCUSDT-1m.csv' */
  readonly name: string;
  readonly text: string;
}

/** A session as it was recorded; it can be gone through any number of times. */
export class RecordedSession {
  readonly manifest: SessionManifest;
  private readonly lines: () => AsyncIterable<string>;
  private damagedLines = 0;

  /** @param lines  from the first on; ends early where they cannot be read any further */
  constructor(manifest: SessionManifest, lines: () => AsyncIterable<string>) {
    this.manifest = manifest;
    this.lines = lines;
  }

  /** Whether everything is in it that was told. Damage shows once it has been gone through. */
  get isComplete(): boolean {
    return isComplete(this.manifest) && this.damagedLines === 0;
  }

  /** Lines that could not be read, or are missing at the end, in what has been gone through last. */
  get damaged(): number {
    return this.damagedLines;
  }

  /** What a subscriber was told, in that order. */
  async *updates(): AsyncGenerator<MarketUpdate> {
    for await (const line of this.all()) if (line.kind !== 'history') yield line;
  }

  /** The bars of every symbol and interval, those from before the session first, each once. */
  async bars(): Promise<ReadonlyMap<string, readonly ClosedBar[]>> {
    const byName = new Map<string, Map<number, ClosedBar>>();
    for await (const line of this.all()) {
      if (line.kind !== 'history' && line.kind !== 'bar') continue;
      const name = `${line.bar.symbol}-${line.bar.interval}`;
      let bars = byName.get(name);
      if (bars === undefined) {
        bars = new Map();
        byName.set(name, bars);
      }
      // A bar that was told says more than the same bar in a history.
      if (line.kind === 'bar' || !bars.has(line.bar.openTimeMs)) bars.set(line.bar.openTimeMs, line.bar);
    }
    return new Map(
      [...byName].map(([name, bars]) => [
        name,
        [...bars.values()].sort((one, other) => one.openTimeMs - other.openTimeMs),
      ]),
    );
  }

  async klineFiles(): Promise<readonly KlineFile[]> {
    const files = await this.bars();
    return [...files].map(([name, bars]) => ({
      name: `${name}.csv`,
      text: bars.map((bar) => `${klineRow(bar)}\n`).join(''),
    }));
  }

  private async *all() {
    this.damagedLines = 0;
    let read = 0;
    for await (const text of this.lines()) {
      if (text === '') continue;
      read += 1;
      const line = readLine(text);
      if (line.ok) yield line.value;
      else this.damagedLines += 1;
    }
    if (this.manifest.endedAtMs !== undefined) this.damagedLines += Math.max(0, this.manifest.lines - read);
  }
}

/** binance-spot.md section 12; what takers bought is not known. */
const klineRow = (bar: ClosedBar): string =>
  [
    bar.openTimeMs,
    formatPrice(bar.open),
    formatPrice(bar.high),
    formatPrice(bar.low),
    formatPrice(bar.close),
    formatAmount(bar.volume),
    bar.closeTimeMs - 1,
    formatAmount(bar.quoteVolume),
    bar.trades,
    0,
    0,
    0,
  ].join(',');
