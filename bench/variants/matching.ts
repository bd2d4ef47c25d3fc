import type { Lots, Ticks } from '@tradewind/core/market';
import {
  Book,
  BUY,
  MatchingEngine,
  type MatchingListener,
  OrderPool,
  type OrderRequest,
  SELL,
  type SideCode,
} from '@tradewind/core/matching/book';
import { measure } from '../harness/measure.ts';
import { summarize } from '../harness/summary.ts';

/** One way of matching over the whole stream; `trades`, `volume` and `cancels` must be equal in all of them. */
export interface MatchingLine {
  readonly operations: number;
  /** The middle of the warm runs. */
  readonly nanosecondsPerOperation: number;
  readonly trades: number;
  readonly volume: number;
  readonly cancels: number;
}

const OPERATIONS = 1_000_000;
const RUNS = 7;
const WARM_UP_RUNS = 2;

const PASSIVE = 0;
const CANCEL = 1;

/** Operation i: an order, or the cancel of the `target[i]`-th order, counting from 1. */
interface Stream {
  readonly kind: Uint8Array;
  readonly isBuy: Uint8Array;
  readonly price: Int32Array;
  readonly quantity: Int32Array;
  readonly target: Int32Array;
}

/** One way of matching. `operate` does operation i of the stream; operations come in order, once. */
interface Matching {
  operate(i: number): void;
  readonly trades: number;
  readonly volume: number;
  readonly cancels: number;
}

/** 58 % passive limit orders, 30 % cancels and 12 % marketable limit orders. */
function makeStream(): Stream {
  const random = xorshift(21);
  const stream: Stream = {
    kind: new Uint8Array(OPERATIONS),
    isBuy: new Uint8Array(OPERATIONS),
    price: new Int32Array(OPERATIONS),
    quantity: new Int32Array(OPERATIONS),
    target: new Int32Array(OPERATIONS),
  };
  const placed: number[] = [];
  let orders = 0;
  // Two decimals and five digits before them: ten million ticks, as BTCUSDT has.
  let middle = 10_000_000;
  for (let i = 0; i < OPERATIONS; i++) {
    const kind = random();
    const isBuy = random() < 0.5;
    if (random() < 0.02) middle += Math.floor(random() * 5) - 2;
    stream.isBuy[i] = isBuy ? 1 : 0;
    stream.quantity[i] = 1 + Math.floor(random() * 100);
    if (kind < 0.3 && placed.length > 200) {
      const chosen = Math.floor(random() * placed.length);
      stream.kind[i] = CANCEL;
      stream.target[i] = placed[chosen] as number;
      placed[chosen] = placed.at(-1) as number;
      placed.pop();
      continue;
    }
    orders += 1;
    if (kind < 0.42) {
      stream.kind[i] = 2;
      stream.price[i] = isBuy ? middle + 30 : middle - 30;
    } else {
      const distance = 1 + Math.floor(random() * 40);
      stream.kind[i] = PASSIVE;
      stream.price[i] = isBuy ? middle - distance : middle + distance;
      placed.push(orders);
    }
  }
  return stream;
}

function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

class BareBook implements Matching {
  trades = 0;
  volume = 0;
  cancels = 0;
  private readonly stream: Stream;
  private readonly pool = new OrderPool();
  private readonly book = new Book(this.pool);
  /** The slot of each order of the stream, -1 when it is not in the book. */
  private readonly slots = new Int32Array(OPERATIONS + 1).fill(-1);
  private orders = 0;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  operate(i: number): void {
    const { stream, slots } = this;
    if (stream.kind[i] !== CANCEL) {
      this.orders += 1;
      this.place(stream.isBuy[i] === 1 ? BUY : SELL, stream.price[i]!, stream.quantity[i]!);
      return;
    }
    const slot = slots[stream.target[i]!]!;
    if (slot === -1) return;
    this.book.side(this.pool.side(slot)).remove(slot);
    this.free(slot);
    this.cancels += 1;
  }

  private place(side: SideCode, price: number, quantity: number): void {
    const { pool, book } = this;
    const makers = book.opposite(side);
    const limitKey = price * makers.sign;
    let open = quantity;
    while (open > 0 && makers.bestKey >= limitKey) {
      const maker = makers.front;
      const traded = Math.min(open, pool.visible(maker));
      open -= traded;
      this.trades += 1;
      this.volume += traded;
      makers.take(maker, traded);
      if (pool.open(maker) === 0) this.free(maker);
    }
    if (open === 0) return;
    const slot = pool.allocate();
    pool.setId(slot, this.orders);
    pool.setSide(slot, side);
    pool.setPrice(slot, price);
    pool.setOpen(slot, open);
    pool.setVisible(slot, open);
    book.side(side).add(slot);
    this.slots[this.orders] = slot;
  }

  private free(slot: number): void {
    this.slots[this.pool.id(slot)] = -1;
    this.pool.release(slot);
  }
}

class WholeEngine implements Matching, MatchingListener {
  trades = 0;
  volume = 0;
  cancels = 0;
  private readonly stream: Stream;
  private readonly engine = new MatchingEngine(this);
  private readonly request: { -readonly [Field in keyof OrderRequest]: OrderRequest[Field] } = {
    account: 0,
    tradeGroup: 0,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    selfTradePrevention: 'EXPIRE_MAKER',
    quantity: 0 as Lots,
    price: 0 as Ticks,
    quoteAmount: 0,
    stopPrice: 0 as Ticks,
    trailingDeltaBps: 0,
    icebergQuantity: 0 as Lots,
    pegPriceType: 'NONE',
    pegOffsetLevels: 0,
  };

  constructor(stream: Stream) {
    this.stream = stream;
  }

  operate(i: number): void {
    const { stream, request } = this;
    if (stream.kind[i] === CANCEL) {
      // The engine's order ids count from 1 too.
      this.engine.cancel(stream.target[i]!);
      return;
    }
    // Everybody is somebody else, so that prevention is looked at and never applies.
    request.account = i;
    request.side = stream.isBuy[i] === 1 ? 'BUY' : 'SELL';
    request.price = stream.price[i] as Ticks;
    request.quantity = stream.quantity[i] as Lots;
    this.engine.place(request);
  }

  trade(_tradeId: number, _price: Ticks, quantity: Lots): void {
    this.trades += 1;
    this.volume += quantity;
  }

  canceled(): void {
    this.cancels += 1;
  }

  accepted(): void {}
  activated(): void {}
  triggered(): void {}
  trailingStarted(): void {}
  pegged(): void {}
  sized(): void {}
  prevented(): void {}
  replaced(): void {}
  expired(): void {}
  expiredInMatch(): void {}
  listStatus(): void {}
}

interface PlainOrder {
  readonly number: number;
  readonly isBuy: boolean;
  readonly price: number;
  open: number;
}

class PlainSide {
  readonly levels = new Map<number, PlainOrder[]>();
  /** Best first. */
  readonly prices: number[] = [];
  private readonly isBetter: (a: number, b: number) => boolean;

  constructor(isBetter: (a: number, b: number) => boolean) {
    this.isBetter = isBetter;
  }

  add(order: PlainOrder): void {
    const level = this.levels.get(order.price);
    if (level !== undefined) {
      level.push(order);
      return;
    }
    this.levels.set(order.price, [order]);
    const at = this.prices.findIndex((price) => this.isBetter(order.price, price));
    this.prices.splice(at === -1 ? this.prices.length : at, 0, order.price);
  }

  remove(order: PlainOrder): void {
    const level = this.levels.get(order.price) as PlainOrder[];
    level.splice(level.indexOf(order), 1);
    if (level.length > 0) return;
    this.levels.delete(order.price);
    this.prices.splice(this.prices.indexOf(order.price), 1);
  }
}

class MapOfArrays implements Matching {
  trades = 0;
  volume = 0;
  cancels = 0;
  private readonly stream: Stream;
  private readonly bids = new PlainSide((a, b) => a > b);
  private readonly asks = new PlainSide((a, b) => a < b);
  private readonly orders = new Map<number, PlainOrder>();
  private count = 0;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  operate(i: number): void {
    const { stream, orders } = this;
    if (stream.kind[i] !== CANCEL) {
      const isBuy = stream.isBuy[i] === 1;
      this.count += 1;
      this.place({ number: this.count, isBuy, price: stream.price[i]!, open: stream.quantity[i]! });
      return;
    }
    const order = orders.get(stream.target[i]!);
    if (order === undefined) return;
    orders.delete(order.number);
    (order.isBuy ? this.bids : this.asks).remove(order);
    this.cancels += 1;
  }

  private place(order: PlainOrder): void {
    const { isBuy, price } = order;
    const makers = isBuy ? this.asks : this.bids;
    while (order.open > 0) {
      const best = makers.prices[0];
      if (best === undefined || (isBuy ? best > price : best < price)) break;
      const maker = (makers.levels.get(best) as PlainOrder[])[0] as PlainOrder;
      const quantity = Math.min(order.open, maker.open);
      order.open -= quantity;
      maker.open -= quantity;
      this.trades += 1;
      this.volume += quantity;
      if (maker.open > 0) continue;
      this.orders.delete(maker.number);
      makers.remove(maker);
    }
    if (order.open === 0) return;
    this.orders.set(order.number, order);
    (isBuy ? this.bids : this.asks).add(order);
  }
}

function runOf(Variant: new (stream: Stream) => Matching): { run: () => MatchingLine } {
  return {
    run() {
      const stream = makeStream();
      // All of them are kept, because V8 throws away compiled code that refers to an object that is gone.
      const turns = Array.from({ length: WARM_UP_RUNS + RUNS }, () =>
        measure(() => {
          const matching = new Variant(stream);
          for (let operation = 0; operation < OPERATIONS; operation++) matching.operate(operation);
          return matching;
        }),
      );
      const warm = turns.slice(WARM_UP_RUNS).map(({ duration }) => duration.cpuNanoseconds);
      const { trades, volume, cancels } = turns.at(-1)!.result;
      const nanosecondsPerOperation = summarize(warm).median / OPERATIONS;
      return { operations: OPERATIONS, nanosecondsPerOperation, trades, volume, cancels };
    },
  };
}

/** The bare book with the shortest matching loop that uses it. */
export const book = runOf(BareBook);
/** The whole engine, with order ids, events, self-trade prevention and stops looked at. */
export const engine = runOf(WholeEngine);
/** A peer: a Map from price to an array of order objects, as one would write it in an hour. */
export const mapOfArrays = runOf(MapOfArrays);
