import { aggregateBars, Interval } from '@tradewind/core/market';
import { type Bar, BarCursor, type Input } from '@tradewind/core/strategy';
import type { MarketRun } from './market-run.ts';

/**
 * The order in which bars close. Every market has the bars that its orders are matched against; a strategy may see these
 * or coarser ones made of them. At one instant all markets close their bars first, then the strategy is told, input by input.
 */
export class Timeline {
  readonly markets: readonly MarketRun[];
  /** What the strategy sees, in the order it named its inputs. */
  readonly inputs: readonly BarCursor[];
  /** Those of them that are made of a market's bars, and move on by themselves. */
  readonly coarser: readonly BarCursor[];
  readonly startMs: number;
  /** One market, and the strategy sees its bars as they are. */
  readonly isOneMarketAsItIs: boolean;

  /** @param symbols  those that the strategy trades; others are only there for their prices */
  constructor(markets: readonly MarketRun[], symbols: readonly string[], inputs: readonly Input[]) {
    const intervals = new Set(markets.map(({ cursor }) => cursor.bars.interval.name));
    if (intervals.size > 1) {
      // An order could be canceled after the open of a longer bar at which it has traded by then.
      throw new InputUnavailable(
        `needs bars of one length for all symbols, and has ${[...intervals].join(', ')}`,
      );
    }
    this.markets = markets;
    this.inputs = inputs.map((input) => this.cursorFor(input, symbols));
    this.coarser = this.inputs.filter((input) => markets.every(({ cursor }) => cursor !== input));
    this.isOneMarketAsItIs = markets.length === 1 && this.inputs.length === 1 && this.coarser.length === 0;
    this.startMs = Math.min(...markets.map(({ cursor }) => cursor.nextOpenMs));
  }

  /** The market's own bars, or coarser ones made of them. */
  private cursorFor(input: Input, symbols: readonly string[]): BarCursor {
    if (input.kind !== 'bars')
      throw new InputUnavailable(`needs ${input.kind} of ${input.symbol}, and a backtest on bars has none`);
    const market = this.markets.find(({ instrument }) => instrument.symbol === input.symbol);
    if (market === undefined || !symbols.includes(input.symbol))
      throw new InputUnavailable(`needs bars of ${input.symbol}, which this run does not have`);
    const { bars } = market.cursor;
    if (bars.interval.name === input.interval) return market.cursor;
    const coarser = aggregateBars(bars, Interval.parse(input.interval)!);
    if (!coarser.ok) {
      throw new InputUnavailable(
        `needs ${input.interval} bars of ${input.symbol}, which ${bars.interval.name} bars do not make`,
      );
    }
    return new BarCursor(coarser.value.bars);
  }

  get views(): readonly Bar[] {
    return this.inputs.map(({ view }) => view);
  }

  /** When the latest of the bars that the strategy has seen opened; undefined before the first. */
  get latestOpenMs(): number | undefined {
    const begun = this.inputs.map(({ openTimeMs }) => openTimeMs).filter(Number.isFinite);
    return begun.length === 0 ? undefined : Math.max(...begun);
  }

  /**
   * When the next bar closes; Infinity when there is none. A coarser bar can close while no market's bar does: a halt has
   * swallowed the last of the bars it was made of.
   */
  nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.markets.length; i += 1) {
      const { nextCloseMs } = this.markets[i]!.cursor;
      if (nextCloseMs < next) next = nextCloseMs;
    }
    for (let i = 0; i < this.coarser.length; i += 1) {
      const { nextCloseMs } = this.coarser[i]!;
      if (nextCloseMs < next) next = nextCloseMs;
    }
    return next;
  }
}

/** A strategy asks to see what the run does not have. */
export class InputUnavailable extends Error {
  override readonly name = 'InputUnavailable';
}
