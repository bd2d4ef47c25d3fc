import { crossesAbove, crossesBelow, Rsi, type RsiState } from '@tradewind/core/indicators';
import { type Price, priceToNumber, type Ratio } from '@tradewind/core/money';
import {
  type Bar,
  choice,
  defineStrategy,
  integer,
  type Market,
  numeric,
  type OrderUpdate,
  type ParameterValues,
  portion,
  type SavedState,
  type Strategy,
} from '@tradewind/core/strategy';

const parameters = {
  period: integer({ default: 14, minimum: 2, maximum: 500, help: 'bars of the RSI' }),
  entry: choice({
    default: 'recovers',
    choices: ['falls', 'recovers'],
    help: 'buy when the RSI falls below the oversold level, or when it recovers through it',
  }),
  oversold: numeric({
    default: 30,
    minimum: 1,
    maximum: 99,
    help: 'the RSI at which the market has fallen too far',
  }),
  exit: numeric({ default: 55, minimum: 1, maximum: 100, help: 'the RSI from which on everything is sold' }),
  stop: numeric({
    default: 0,
    minimum: 0,
    maximum: 90,
    help: 'stop-loss, percent below the entry; 0 is none',
  }),
  fraction: portion({
    default: '1',
    minimum: '0.0001',
    maximum: '1',
    help: 'share of the free quote to spend',
  }),
};

const ENTRY = 'oversold';
const STOP = 'stop-loss';
const EXIT = 'reverted';

/**
 * Buys when the market has fallen too far and sells when it has come back. A stop-loss rests at the exchange, where it
 * protects the position whatever becomes of us; but it locks the coins, so it must be gone before they can be sold.
 */
export default defineStrategy({
  name: 'rsi-mean-reversion',
  summary:
    'Buys when the RSI shows an oversold market, sells when it is back, with a resting stop-loss if wanted.',
  symbolsMaximum: 1,
  parameters,
  check: ({ oversold, exit }) =>
    oversold < exit ? undefined : `oversold (${oversold}) must be below exit (${exit})`,
  // A change takes two closes, and a crossing two values.
  warmup: ({ period }) => period + 2,
  create: (context, values) => new RsiMeanReversion(context.market(), values),
});

/** Which orders are open says all that must be remembered, so that only the RSI is to be saved. */
class RsiMeanReversion implements Strategy {
  private readonly market: Market;
  private readonly rsi: Rsi;
  private readonly crosses: typeof crossesAbove;
  private readonly oversold: number;
  private readonly exitLevel: number;
  private readonly stopFactor: number;
  private readonly fraction: Ratio;

  constructor(market: Market, values: ParameterValues<typeof parameters>) {
    this.market = market;
    this.rsi = new Rsi(values.period);
    this.crosses = values.entry === 'falls' ? crossesBelow : crossesAbove;
    this.oversold = values.oversold;
    this.exitLevel = values.exit;
    this.stopFactor = 1 - values.stop / 100;
    this.fraction = values.fraction;
  }

  onBar(bar: Bar): void {
    const before = this.rsi.value;
    const now = this.rsi.update(bar.close);
    if (this.crosses(before, this.oversold, now, this.oversold)) this.enter();
    else if (now >= this.exitLevel) this.exit();
  }

  onOrder(update: OrderUpdate): void {
    if (update.tag === ENTRY && update.kind === 'filled') this.protect(update.fill.price);
    // The stop is gone because we want to sell, or the price was beyond it before it could be placed.
    if (update.tag === STOP && (update.kind === 'canceled' || update.kind === 'refused'))
      this.market.sellAll(EXIT);
  }

  save(): SavedState {
    return this.rsi.save();
  }

  restore(state: SavedState): void {
    this.rsi.restore(state as RsiState);
  }

  private enter(): void {
    if (!this.market.isHolding && this.market.openOrders.length === 0)
      this.market.buyShare(this.fraction, ENTRY);
  }

  private protect(entryPrice: Price): void {
    if (this.stopFactor === 1) return;
    const stopPrice = this.market.priceAt(priceToNumber(entryPrice) * this.stopFactor, 'floor');
    if (stopPrice === undefined || !this.market.isHolding) return;
    this.market.sell({ type: 'STOP_LOSS', quantity: this.market.sellable, trigger: { stopPrice } }, STOP);
  }

  /** Asks for the stop to be canceled and sells when `onOrder` tells that it is; without a stop sells at once. */
  private exit(): void {
    const stop = this.market.openOrders.find(({ tag }) => tag === STOP);
    if (stop === undefined) this.market.sellAll(EXIT);
    else this.market.cancel(stop.clientOrderId);
  }
}
