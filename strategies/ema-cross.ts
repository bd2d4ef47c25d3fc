import { crossesAbove, crossesBelow, Ema, type EmaState } from '@tradewind/core/indicators';
import type { Ratio } from '@tradewind/core/money';
import {
  type Bar,
  defineStrategy,
  integer,
  type Market,
  portion,
  type SavedState,
  type Strategy,
} from '@tradewind/core/strategy';

/** Buys when the fast average of the close crosses above the slow one, sells everything when it crosses back. */
export default defineStrategy({
  name: 'ema-cross',
  summary: 'Long while the fast exponential average of the close is above the slow one.',
  symbolsMaximum: 1,
  parameters: {
    fast: integer({ default: 12, minimum: 1, maximum: 1000, help: 'bars of the fast average' }),
    slow: integer({ default: 26, minimum: 2, maximum: 2000, help: 'bars of the slow average' }),
    fraction: portion({
      default: '1',
      minimum: '0.0001',
      maximum: '1',
      help: 'share of the free quote to spend',
    }),
  },
  check: ({ fast, slow }) => (fast < slow ? undefined : `fast (${fast}) must be below slow (${slow})`),
  warmup: ({ slow }) => slow + 1,
  create: (context, { fast, slow, fraction }) => new EmaCross(context.market(), fast, slow, fraction),
});

class EmaCross implements Strategy {
  private readonly market: Market;
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly fraction: Ratio;

  constructor(market: Market, fast: number, slow: number, fraction: Ratio) {
    this.market = market;
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
    this.fraction = fraction;
  }

  onBar({ close }: Bar): void {
    const fastBefore = this.fast.value;
    const slowBefore = this.slow.value;
    const fast = this.fast.update(close);
    const slow = this.slow.update(close);
    if (crossesAbove(fastBefore, slowBefore, fast, slow)) this.enter();
    else if (crossesBelow(fastBefore, slowBefore, fast, slow)) this.market.sellAll('crossed below');
  }

  save(): SavedState {
    return { fast: this.fast.save(), slow: this.slow.save() };
  }

  restore(state: SavedState): void {
    const { fast, slow } = state as { fast: EmaState; slow: EmaState };
    this.fast.restore(fast);
    this.slow.restore(slow);
  }

  private enter(): void {
    if (!this.market.isHolding) this.market.buyShare(this.fraction, 'crossed above');
  }
}
