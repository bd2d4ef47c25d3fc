import type { Instrument } from '@tradewind/core/market';
import { type Clock, SeededRandom, type Timer, type Timers } from '@tradewind/utils';
import type { PricePath } from './path/price-path.ts';
import { Desk, type TradingFloor } from './traders/desk.ts';
import { InformedTrader } from './traders/informed-trader.ts';
import { MarketMaker } from './traders/market-maker.ts';
import { MomentumTrader } from './traders/momentum-trader.ts';
import { NoiseTrader } from './traders/noise-trader.ts';
import type { MarketView, Trader } from './traders/view.ts';

export interface CrowdOptions {
  readonly floor: TradingFloor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly instrument: Instrument;
  readonly path: PricePath;
  readonly seed: number;
  /** Placed on average; never more than twice as many within a second. */
  readonly ordersPerSecond: number;
}

/** Market makers that differ in how wide they quote. */
const MAKERS = [
  { levels: 12, halfSpread: 0.00005, gap: 0.00008 },
  { levels: 12, halfSpread: 0.00012, gap: 0.0002 },
  { levels: 15, halfSpread: 0.0004, gap: 0.0006 },
] as const;

/** Of a hundred turns. The rest is the market makers'. */
const NOISE_TURNS = 25;
const MOMENTUM_TURNS = 8;
const INFORMED_TURNS = 17;

/** Everybody who trades one symbol of a made-up market, each with an account of the exchange. */
export class Crowd {
  private readonly options: CrowdOptions;
  private readonly random: SeededRandom;
  private readonly desk: Desk;
  private readonly makers: readonly MarketMaker[];
  private readonly noise: Trader;
  private readonly momentum: Trader;
  private readonly informed: Trader;
  private readonly startMs: number;
  private readonly stopListening: () => void;
  private timer: Timer | undefined;

  constructor(options: CrowdOptions) {
    const { floor, instrument, clock, path, seed } = options;
    this.options = options;
    this.random = new SeededRandom(seed);
    this.startMs = clock.elapsedMs();
    const price = path.priceAt(0);
    const desks = MAKERS.map(() => new Desk(floor, instrument, price));
    this.makers = MAKERS.map((maker, at) => new MarketMaker(desks[at]!, maker, this.random));
    this.noise = new NoiseTrader(new Desk(floor, instrument, price), this.random);
    this.momentum = new MomentumTrader(new Desk(floor, instrument, price), this.random);
    this.informed = new InformedTrader(new Desk(floor, instrument, price), this.random);
    this.desk = desks[0]!;
    this.stopListening = floor.listen({
      executionReport: ({ order }) => {
        const isOver = order.status !== 'NEW' && order.status !== 'PARTIALLY_FILLED';
        if (!isOver || order.symbol !== instrument.symbol) return;
        const at = desks.findIndex((desk) => desk.account === order.account);
        this.makers[at]?.ended(order.orderId);
      },
    });
  }

  /** Fills the book and begins to trade. */
  start(): void {
    for (const maker of this.makers) maker.open(this.look());
    this.wait();
  }

  /** Leaves the book as it is. */
  stop(): void {
    this.timer?.cancel();
    this.stopListening();
  }

  private wait(): void {
    const { ordersPerSecond, timers } = this.options;
    const chance = 0.5 + this.random.nextFraction();
    this.timer = timers.after((1000 * chance) / ordersPerSecond, () => {
      this.turn();
      this.wait();
    });
  }

  private turn(): void {
    const turn = this.random.nextFraction() * 100;
    this.traderAt(turn).act(this.look());
  }

  private traderAt(turn: number): Trader {
    if (turn < NOISE_TURNS) return this.noise;
    if (turn < NOISE_TURNS + MOMENTUM_TURNS) return this.momentum;
    if (turn < NOISE_TURNS + MOMENTUM_TURNS + INFORMED_TURNS) return this.informed;
    return this.makers[Math.floor(this.random.nextFraction() * this.makers.length)]!;
  }

  private look(): MarketView {
    const { path, clock } = this.options;
    const fair = path.priceAt(clock.elapsedMs() - this.startMs);
    const { bestBid, bestAsk } = this.desk;
    const mid = bestBid === undefined || bestAsk === undefined ? fair : (bestBid + bestAsk) / 2;
    return { fair, mid, bestBid, bestAsk };
  }
}
