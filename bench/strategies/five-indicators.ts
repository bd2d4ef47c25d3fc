import { Atr, BollingerBands, Ema, Macd, Rsi } from '@tradewind/core/indicators';
import type { Ratio } from '@tradewind/core/money';
import { type Bar, defineStrategy, type Market, portion, type Strategy } from '@tradewind/core/strategy';

/**
 * Buys weakness in an upward trend and sells strength, and looks at five indicators on every bar to tell: a strategy of
 * ordinary weight for the benchmark, not for trading.
 */
export const fiveIndicators = defineStrategy({
  name: 'five-indicators',
  summary: 'Buys dips above the average and sells them on strength, seen through five indicators.',
  parameters: {
    fraction: portion({
      default: '1',
      minimum: '0.0001',
      maximum: '1',
      help: 'share of the free quote to spend',
    }),
  },
  warmup: () => 50,
  create: (context, { fraction }) => new FiveIndicators(context.market(), fraction),
});

class FiveIndicators implements Strategy {
  private readonly market: Market;
  private readonly fraction: Ratio;
  private readonly ema = new Ema(50);
  private readonly rsi = new Rsi(14);
  private readonly atr = new Atr(14);
  private readonly macd = new Macd({ fast: 12, slow: 26, signal: 9 });
  private readonly bands = new BollingerBands(20, 2);

  constructor(market: Market, fraction: Ratio) {
    this.market = market;
    this.fraction = fraction;
  }

  onBar(bar: Bar): void {
    const { close } = bar;
    const average = this.ema.update(close);
    const strength = this.rsi.update(close);
    const range = this.atr.update(bar.high, bar.low, close);
    this.macd.update(close);
    this.bands.update(close);
    const isDip = close < this.bands.middle && strength < 45 && this.macd.histogram < 0;
    if (isDip && close > average - 2 * range) this.enter();
    else if (close > this.bands.upper && strength > 60 && this.macd.histogram > 0)
      this.market.sellAll('strength');
  }

  private enter(): void {
    if (!this.market.isHolding) this.market.buyShare(this.fraction, 'dip');
  }
}
