import type { Lots, Ticks } from '../../market/index.ts';

/** Sides as the hot path counts them. */
export const BUY = 0;
export const SELL = 1;
export type SideCode = typeof BUY | typeof SELL;

/** Where an order is. A free place is FREE; every other state is an open order. */
export const FREE = 0;
/** PENDING_NEW: waits for the working order of its list. */
export const PENDING = 1;
/** A stop that has not fired. */
export const WAITING = 2;
/** A stop that has fired and waits for its turn. */
export const FIRED = 3;
/** Being matched now. */
export const TAKING = 4;
/** In the book. */
export const RESTING = 5;

/** Order types as the hot path counts them. */
export const LIMIT = 0;
export const LIMIT_MAKER = 1;
export const MARKET = 2;
export const STOP_LOSS = 3;
export const STOP_LOSS_LIMIT = 4;
export const TAKE_PROFIT = 5;
export const TAKE_PROFIT_LIMIT = 6;

/** Times in force. */
export const GTC = 0;
export const IOC = 1;
export const FOK = 2;

/** Self-trade prevention modes; the position of each in SELF_TRADE_PREVENTION_MODES. */
export const NONE = 0;
export const EXPIRE_TAKER = 1;
export const EXPIRE_MAKER = 2;
export const EXPIRE_BOTH = 3;
export const DECREMENT = 4;
export const TRANSFER = 5;

/** Pegs. */
export const UNPEGGED = 0;
export const PRIMARY_PEG = 1;
export const MARKET_PEG = 2;

/**
 * Open orders. An order is a slot, a small number that is used again when the order has ended. What it holds lies together
 * in one record of two cache lines, because in a big book it is cache misses that cost: with an array per field, an order
 * costs one per field. Prices and quantities are integers in doubles, for they may pass 2^31. The pool doubles when it is
 * full and allocates nothing otherwise.
 */
export class OrderPool {
  /** How many orders are open. */
  count = 0;
  /** Two views of the same records. */
  private doubles: Float64Array;
  private integers: Int32Array;
  private capacity: number;
  private firstFree = 0;

  /** @param capacity  how many orders fit before the first growth */
  constructor(capacity = 1024) {
    this.capacity = capacity;
    this.doubles = new Float64Array(capacity * DOUBLES);
    this.integers = new Int32Array(this.doubles.buffer);
    this.chainFree(0);
  }

  /** A slot that holds whatever its last order left there. */
  allocate(): number {
    if (this.firstFree === this.capacity) this.grow();
    const slot = this.firstFree;
    this.firstFree = this.next(slot);
    this.count += 1;
    return slot;
  }

  release(slot: number): void {
    this.setState(slot, FREE);
    this.setNext(slot, this.firstFree);
    this.firstFree = slot;
    this.count -= 1;
  }

  /** What self-trade prevention kept from trading. While an order is open: original - executed - prevented = open. */
  prevented(slot: number): Lots {
    return (this.original(slot) - this.executed(slot) - this.open(slot)) as Lots;
  }

  /** In ticks. */
  price(slot: number): Ticks {
    return this.doubles[slot * DOUBLES + PRICE] as Ticks;
  }

  setPrice(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + PRICE] = value;
  }

  /** Everything still to be traded, in lots. */
  open(slot: number): Lots {
    return this.doubles[slot * DOUBLES + OPEN] as Lots;
  }

  setOpen(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + OPEN] = value;
  }

  /** The part of `open` that other orders can meet now; set when the order comes to rest. */
  visible(slot: number): Lots {
    return this.doubles[slot * DOUBLES + VISIBLE] as Lots;
  }

  setVisible(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + VISIBLE] = value;
  }

  id(slot: number): number {
    return this.doubles[slot * DOUBLES + ID]!;
  }

  setId(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + ID] = value;
  }

  /** The quantity ordered; 0 while it is not known. */
  original(slot: number): Lots {
    return this.doubles[slot * DOUBLES + ORIGINAL] as Lots;
  }

  setOriginal(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + ORIGINAL] = value;
  }

  executed(slot: number): Lots {
    return this.doubles[slot * DOUBLES + EXECUTED] as Lots;
  }

  setExecuted(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + EXECUTED] = value;
  }

  /** The visible size of an iceberg; 0 for all other orders. */
  slice(slot: number): number {
    return this.doubles[slot * DOUBLES + SLICE]!;
  }

  setSlice(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + SLICE] = value;
  }

  /** Outside quantity that stands before a resting order at its price; Infinity while unknown. */
  ahead(slot: number): number {
    return this.doubles[slot * DOUBLES + AHEAD]!;
  }

  setAhead(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + AHEAD] = value;
  }

  /** The order behind it at its price; -1 for the last. */
  next(slot: number): number {
    return this.integers[slot * INTEGERS + NEXT]!;
  }

  setNext(slot: number, value: number): void {
    this.integers[slot * INTEGERS + NEXT] = value;
  }

  /** The order before it at its price; -1 for the first. */
  previous(slot: number): number {
    return this.integers[slot * INTEGERS + PREVIOUS]!;
  }

  setPrevious(slot: number, value: number): void {
    this.integers[slot * INTEGERS + PREVIOUS] = value;
  }

  /** Where its side of the book keeps its price. */
  level(slot: number): number {
    return this.integers[slot * INTEGERS + LEVEL]!;
  }

  setLevel(slot: number, value: number): void {
    this.integers[slot * INTEGERS + LEVEL] = value;
  }

  side(slot: number): SideCode {
    return this.integers[slot * INTEGERS + SIDE] as SideCode;
  }

  setSide(slot: number, value: SideCode): void {
    this.integers[slot * INTEGERS + SIDE] = value;
  }

  /** FREE, PENDING, WAITING, FIRED, TAKING or RESTING. */
  state(slot: number): number {
    return this.integers[slot * INTEGERS + STATE]!;
  }

  setState(slot: number, value: number): void {
    this.integers[slot * INTEGERS + STATE] = value;
  }

  /** LIMIT to TAKE_PROFIT_LIMIT. */
  type(slot: number): number {
    return this.integers[slot * INTEGERS + TYPE]!;
  }

  setType(slot: number, value: number): void {
    this.integers[slot * INTEGERS + TYPE] = value;
  }

  timeInForce(slot: number): number {
    return this.integers[slot * INTEGERS + TIME_IN_FORCE]!;
  }

  setTimeInForce(slot: number, value: number): void {
    this.integers[slot * INTEGERS + TIME_IN_FORCE] = value;
  }

  prevention(slot: number): number {
    return this.integers[slot * INTEGERS + PREVENTION]!;
  }

  setPrevention(slot: number, value: number): void {
    this.integers[slot * INTEGERS + PREVENTION] = value;
  }

  account(slot: number): number {
    return this.integers[slot * INTEGERS + ACCOUNT]!;
  }

  setAccount(slot: number, value: number): void {
    this.integers[slot * INTEGERS + ACCOUNT] = value;
  }

  /** 0 for none. */
  tradeGroup(slot: number): number {
    return this.integers[slot * INTEGERS + TRADE_GROUP]!;
  }

  setTradeGroup(slot: number, value: number): void {
    this.integers[slot * INTEGERS + TRADE_GROUP] = value;
  }

  /** 0 when it is in no order list. */
  list(slot: number): number {
    return this.integers[slot * INTEGERS + LIST]!;
  }

  setList(slot: number, value: number): void {
    this.integers[slot * INTEGERS + LIST] = value;
  }

  /** UNPEGGED, PRIMARY_PEG or MARKET_PEG. */
  peg(slot: number): number {
    return this.integers[slot * INTEGERS + PEG]!;
  }

  setPeg(slot: number, value: number): void {
    this.integers[slot * INTEGERS + PEG] = value;
  }

  pegOffset(slot: number): number {
    return this.integers[slot * INTEGERS + PEG_OFFSET]!;
  }

  setPegOffset(slot: number, value: number): void {
    this.integers[slot * INTEGERS + PEG_OFFSET] = value;
  }

  /** In basis points; 0 for none. */
  trailingDelta(slot: number): number {
    return this.integers[slot * INTEGERS + TRAILING_DELTA]!;
  }

  setTrailingDelta(slot: number, value: number): void {
    this.integers[slot * INTEGERS + TRAILING_DELTA] = value;
  }

  /** In ticks; 0 for none. Only stops have it. */
  stopPrice(slot: number): Ticks {
    return this.doubles[slot * DOUBLES + STOP_PRICE] as Ticks;
  }

  setStopPrice(slot: number, value: number): void {
    this.doubles[slot * DOUBLES + STOP_PRICE] = value;
  }

  private grow(): void {
    const from = this.capacity;
    this.capacity *= 2;
    // Copied as integers, because a copy of doubles need not keep the bits of what is not a number.
    this.integers = widen(this.integers, new Int32Array(this.capacity * INTEGERS));
    this.doubles = new Float64Array(this.integers.buffer);
    this.chainFree(from);
  }

  /** Chains the slots from `from` on through `next`; the last one points one past the end, which means full. */
  private chainFree(from: number): void {
    for (let slot = from; slot < this.capacity; slot++) this.setNext(slot, slot + 1);
  }
}

/** Copies an array into its wider successor. */
export function widen<Column extends Float64Array | Int32Array>(column: Column, wider: Column): Column {
  wider.set(column);
  return wider;
}

/** A record is 128 bytes. The first 64 have what trading and canceling touch: four doubles, then eight integers. */
const DOUBLES = 16;
const INTEGERS = 32;
const OPEN = 0;
const VISIBLE = 1;
const ID = 2;
const EXECUTED = 3;
const NEXT = 8;
const PREVIOUS = 9;
const LEVEL = 10;
const SIDE = 11;
const STATE = 12;
const LIST = 13;
const ACCOUNT = 14;
const TRADE_GROUP = 15;
/** The other 64 bytes likewise. */
const PRICE = 8;
const ORIGINAL = 9;
const SLICE = 10;
const AHEAD = 11;
const STOP_PRICE = 15;
const TYPE = 24;
const TIME_IN_FORCE = 25;
const PREVENTION = 26;
const PEG = 27;
const PEG_OFFSET = 28;
const TRAILING_DELTA = 29;
