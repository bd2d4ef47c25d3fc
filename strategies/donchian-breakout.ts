import { Atr, type AtrState, Donchian, type DonchianState } from '@tradewind/core/indicators';
import {
  isZero,
  minimum,
  notional,
  type Price,
  priceToNumber,
  type QuoteAmount,
  quantityFor,
  settle,
  share,
} from '@tradewind/core/money';
import {
  type Bar,
  type ChartLine,
  type Context,
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
  channel: integer({
    default: 20,
    minimum: 2,
    maximum: 2000,
    help: 'bars of the channel whose break is bought',
  }),
  exit: integer({ default: 10, minimum: 2, maximum: 2000, help: 'bars of the channel whose break is sold' }),
  atr: integer({ default: 14, minimum: 1, maximum: 500, help: 'bars of the average true range' }),
  multiple: numeric({
    default: 2.5,
    minimum: 0.5,
    maximum: 20,
    help: 'distance of the stop, in average true ranges',
  }),
  raise: numeric({
    default: 0.25,
    minimum: 0,
    maximum: 10,
    help: 'least rise of the stop, in average true ranges',
  }),
  risk: portion({
    default: '0.01',
    minimum: '0.0001',
    maximum: '0.5',
    help: 'share of the equity lost at the stop',
  }),
  fraction: portion({
    default: '1',
    minimum: '0.0001',
    maximum: '1',
    help: 'most of the free quote to spend',
  }),
};

const ENTRY = 'breakout';
const STOP = 'atr-stop';
const EXIT = 'channel-exit';

/** Where the strategy stands; every change but the first begins with an answer of the exchange, in `onOrder`. */
type Phase =
  | 'flat'
  /** The market order to buy is under way. */
  | 'entering'
  /** The stop rests at the exchange and locks the coins. */
  | 'protected'
  /** The stop is being canceled, to be placed again higher up. */
  | 'raising'
  /** The stop is being canceled, or is gone, and the coins are being sold. */
  | 'leaving'
  /** The coins could be neither protected nor sold: tries again at every bar. */
  | 'stranded';

/**
 * Buys when a close breaks the highest high of the bars before it. From then on a stop-loss rests at the exchange, some
 * average true ranges below the entry and later below the highest high, and only ever moves up. A close below the lowest
 * low of the exit channel sells before the stop does. The size is chosen so that the stop loses a set share of the equity.
 */
export default defineStrategy({
  name: 'donchian-breakout',
  summary:
    'Buys breakouts of the Donchian channel, protected by a trailing stop some average true ranges below.',
  symbolsMaximum: 1,
  parameters,
  check: ({ channel, exit }) =>
    exit <= channel ? undefined : `exit (${exit}) must not be above channel (${channel})`,
  warmup: ({ channel, atr }) => Math.max(channel, atr) + 1,
  create: (context, values) => new DonchianBreakout(context, values),
});

type SavedBreakout = {
  readonly phase: Phase;
  readonly stopId: string;
  /** null while there has been no stop, because NaN is no JSON. */
  readonly stopLevel: number | null;
  readonly channel: DonchianState;
  readonly exitChannel: DonchianState;
  readonly atr: AtrState;
};

class DonchianBreakout implements Strategy {
  private readonly context: Context;
  private readonly market: Market;
  private readonly values: ParameterValues<typeof parameters>;
  private readonly channel: Donchian;
  private readonly exitChannel: Donchian;
  private readonly atr: Atr;
  private readonly upperLine: ChartLine;
  private readonly lowerLine: ChartLine;
  private readonly stopLine: ChartLine;
  private phase: Phase = 'flat';
  /** Where the stop is, or will be once it has been raised. */
  private stopLevel = Number.NaN;
  private stopId = '';

  constructor(context: Context, values: ParameterValues<typeof parameters>) {
    this.context = context;
    this.market = context.market();
    this.values = values;
    this.channel = new Donchian(values.channel);
    this.exitChannel = new Donchian(values.exit);
    this.atr = new Atr(values.atr);
    this.upperLine = context.line('upper');
    this.lowerLine = context.line('lower');
    this.stopLine = context.line('stop');
  }

  onBar(bar: Bar): void {
    const { channel, exitChannel, atr } = this;
    channel.update(bar.high, bar.low);
    exitChannel.update(bar.high, bar.low);
    atr.update(bar.high, bar.low, bar.close);
    if (this.phase === 'flat') {
      if (bar.close > channel.previousUpper) this.enter(bar.closePrice);
    } else if (this.phase === 'protected') {
      if (bar.close < exitChannel.previousLower) this.leave();
      else this.raise(channel.upper - this.stopDistance);
    } else if (this.phase === 'stranded') {
      this.sellAll();
    }
    this.upperLine.set(channel.previousUpper);
    this.lowerLine.set(exitChannel.previousLower);
    this.stopLine.set(this.phase === 'flat' ? Number.NaN : this.stopLevel);
  }

  onOrder(update: OrderUpdate): void {
    if (update.kind === 'accepted' || update.kind === 'filled_in_part') return;
    if (update.tag === ENTRY) this.entryEnded(update);
    else if (update.tag === STOP) this.stopEnded(update);
    else if (update.tag === EXIT) this.phase = this.phaseWithoutOrders();
  }

  save(): SavedState {
    const saved: SavedBreakout = {
      phase: this.phase,
      stopId: this.stopId,
      stopLevel: Number.isNaN(this.stopLevel) ? null : this.stopLevel,
      channel: this.channel.save(),
      exitChannel: this.exitChannel.save(),
      atr: this.atr.save(),
    };
    return saved;
  }

  restore(state: SavedState): void {
    const saved = state as SavedBreakout;
    this.phase = saved.phase;
    this.stopId = saved.stopId;
    this.stopLevel = saved.stopLevel ?? Number.NaN;
    this.channel.restore(saved.channel);
    this.exitChannel.restore(saved.exitChannel);
    this.atr.restore(saved.atr);
  }

  private get stopDistance(): number {
    return this.values.multiple * this.atr.value;
  }

  private enter(close: Price): void {
    const quoteAmount = this.amountToSpend(close);
    if (quoteAmount === undefined || isZero(quoteAmount)) return;
    this.phase = 'entering';
    this.market.buy({ type: 'MARKET', quoteAmount }, ENTRY);
  }

  /** What buys the quantity that loses the risked share of the equity between here and the stop. */
  private amountToSpend(close: Price): QuoteAmount | undefined {
    const { fraction, risk } = this.values;
    const equity = this.context.equity();
    const distance = this.market.priceAt(this.stopDistance, 'ceiling');
    const hasRoom = priceToNumber(close) > this.stopDistance;
    if (equity === undefined || distance === undefined || !hasRoom) return undefined;
    const quantity = quantityFor(share(equity, risk, 'receive'), distance);
    const wanted = settle(notional(close, quantity), 'receive');
    return minimum(wanted, share(this.market.freeQuote, fraction, 'receive'));
  }

  private entryEnded(update: OrderUpdate): void {
    if (update.kind === 'filled') this.placeStop(priceToNumber(update.fill.price) - this.stopDistance);
    else this.phase = this.phaseWithoutOrders();
  }

  private stopEnded({ kind }: OrderUpdate): void {
    if (kind === 'filled') this.phase = 'flat';
    else if (kind === 'canceled' && this.phase === 'raising') this.placeStop(this.stopLevel);
    // Refused because the price is beyond it already, or canceled because we want to leave.
    else this.sellAll();
  }

  private placeStop(level: number): void {
    const stopPrice = this.market.priceAt(level, 'floor');
    if (stopPrice === undefined || !this.market.isHolding) {
      this.sellAll();
      return;
    }
    this.phase = 'protected';
    this.stopLevel = level;
    this.stopId = this.market.sell(
      { type: 'STOP_LOSS', quantity: this.market.sellable, trigger: { stopPrice } },
      STOP,
    );
  }

  /** Each move leaves the coins without a stop for a moment, so small ones are not made. */
  private raise(level: number): void {
    if (!(level > this.stopLevel && level - this.stopLevel >= this.values.raise * this.atr.value)) return;
    this.phase = 'raising';
    this.stopLevel = level;
    this.market.cancel(this.stopId);
  }

  private leave(): void {
    this.phase = 'leaving';
    this.market.cancel(this.stopId);
  }

  private sellAll(): void {
    this.phase = this.market.isHolding ? 'leaving' : 'flat';
    this.market.sellAll(EXIT);
  }

  private phaseWithoutOrders(): Phase {
    return this.market.isHolding ? 'stranded' : 'flat';
  }
}
