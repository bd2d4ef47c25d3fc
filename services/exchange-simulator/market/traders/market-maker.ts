import { priceToNumber } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { Random } from '@tradewind/utils';
import type { Order } from '../../exchange/index.ts';
import type { Desk } from './desk.ts';
import type { MarketView, Trader } from './view.ts';

export interface MakerOptions {
  /** Levels per side. */
  readonly levels: number;
  /** From the fair price to the first quote, as a fraction of it; at least a tick. */
  readonly halfSpread: number;
  /** Between two quotes, as a fraction of the price; it widens away from the best. */
  readonly gap: number;
}

/** One place in the ladder of quotes. */
interface Rung {
  readonly side: Side;
  readonly depth: number;
  quote: { readonly orderId: number; readonly price: number } | undefined;
}

/**
 * Quotes a ladder of orders on both sides of what it takes for the fair price, smaller near the best and larger away from it. The
 * first of each side goes as near as the other side lets it, so that the spread is a few ticks. At each turn it mends the quote
 * that is most out of place, or renews one by chance, so that the book is never still.
 */
export class MarketMaker implements Trader {
  private readonly desk: Desk;
  private readonly options: MakerOptions;
  private readonly random: Random;
  private readonly rungs: readonly Rung[];
  private readonly rungOf = new Map<number, Rung>();

  constructor(desk: Desk, options: MakerOptions, random: Random) {
    this.desk = desk;
    this.options = options;
    this.random = random;
    this.rungs = Array.from({ length: 2 * options.levels }, (_, index) => ({
      side: index % 2 === 0 ? 'BUY' : 'SELL',
      depth: index >> 1,
      quote: undefined,
    }));
  }

  /** Places the whole ladder: the opening of the market. */
  open(view: MarketView): void {
    for (const rung of this.rungs) this.quote(rung, view);
  }

  act(view: MarketView): void {
    const rung = this.mostOutOfPlace(view) ?? this.anyRung();
    this.withdraw(rung);
    this.quote(rung, view);
  }

  /** An order of this account has ended. */
  ended(orderId: number): void {
    const rung = this.rungOf.get(orderId);
    if (rung === undefined) return;
    this.rungOf.delete(orderId);
    if (rung.quote?.orderId === orderId) rung.quote = undefined;
  }

  /** The first two more often than the others: there the competition is. */
  private anyRung(): Rung {
    const count = this.random.nextFraction() < FRONT_SHARE ? 2 : this.rungs.length;
    return this.rungs[Math.floor(this.random.nextFraction() * count)]!;
  }

  private mostOutOfPlace(view: MarketView): Rung | undefined {
    const tolerance = (this.options.halfSpread + this.options.gap) * view.fair + this.desk.tick;
    let worst: Rung | undefined;
    let worstDistance = tolerance;
    for (const rung of this.rungs) {
      const target = this.targetOf(rung, view.fair, 0.5);
      // A quote that is missing is as bad as one far away, the more so the nearer it should be to the best.
      const missing = (10 * tolerance) / (1 + rung.depth);
      const distance = rung.quote === undefined ? missing : Math.abs(rung.quote.price - target);
      if (distance <= worstDistance) continue;
      worst = rung;
      worstDistance = distance;
    }
    return worst;
  }

  /** @param chance  0 to 1: where in the gap to the next quote */
  private targetOf({ side, depth }: Rung, fair: number, chance: number): number {
    const { halfSpread, gap } = this.options;
    const steps = depth * (1 + depth / 10) + chance;
    const distance = Math.max(this.desk.tick, (halfSpread + gap * steps) * fair);
    return side === 'BUY' ? fair - distance : fair + distance;
  }

  /** A few ticks from the fair price, or from the other side where that is nearer. */
  private nearest({ side }: Rung, { fair, bestBid, bestAsk }: MarketView, chance: number): number {
    const { tick } = this.desk;
    const edge = tick * (1 + Math.floor(chance * NEAREST_TICKS));
    return side === 'BUY'
      ? Math.min(fair - edge, (bestAsk ?? Number.POSITIVE_INFINITY) - tick)
      : Math.max(fair + edge, (bestBid ?? 0) + tick);
  }

  private quote(rung: Rung, view: MarketView): void {
    const { desk, random } = this;
    const chance = random.nextFraction();
    const target =
      rung.depth === 0 ? this.nearest(rung, view, chance) : this.targetOf(rung, view.fair, chance);
    const price = desk.priceNear(target, rung.side === 'BUY' ? 'floor' : 'ceiling');
    if (price === undefined) return;
    const size = (0.3 + 0.25 * rung.depth) * (0.5 + random.nextFraction());
    const order: Order | undefined = desk.rest(rung.side, price, size);
    if (order === undefined) return;
    rung.quote = { orderId: order.orderId, price: priceToNumber(price) };
    this.rungOf.set(order.orderId, rung);
  }

  private withdraw(rung: Rung): void {
    const { quote } = rung;
    if (quote === undefined) return;
    rung.quote = undefined;
    this.rungOf.delete(quote.orderId);
    this.desk.cancel(quote.orderId);
  }
}

/** How many of the turns without need go to the quotes nearest to the other side. */
const FRONT_SHARE = 0.4;
const NEAREST_TICKS = 4;
