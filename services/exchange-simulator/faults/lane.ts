import { invariant } from '@tradewind/core/result';
import type { Timer, Timers } from '@tradewind/utils';

/** What becomes of one message on its way. */
export interface MessageFate<Item> {
  readonly item: Item;
  readonly isDropped: boolean;
  readonly delayMs: number;
  /** It comes after so many later ones of its lane, or after `holdMs`. */
  readonly hold: { readonly by: number; readonly holdMs: number } | undefined;
  readonly copies: readonly { readonly times: number; readonly gapMs: number }[];
}

interface Held<Item> {
  readonly item: Item;
  left: number;
  readonly timer: Timer;
}

/** More than this is not kept waiting in a lane: what comes then passes at once. */
const WAITING_MAX = 10_000;

/**
 * The way of messages that come one after the other to one place: the events of an account, the messages of a socket.
 * What is not delayed, held back or repeated passes at once and in order.
 */
export class Lane<Item> {
  private readonly timers: Timers;
  private readonly deliver: (item: Item) => void;
  private readonly waiting = new Set<Timer>();
  private held: Held<Item>[] = [];
  private isClosed = false;

  constructor(timers: Timers, deliver: (item: Item) => void) {
    this.timers = timers;
    this.deliver = deliver;
  }

  pass({ item, isDropped, delayMs, hold, copies }: MessageFate<Item>): void {
    if (isDropped || this.isClosed) return;
    const isFull = this.waiting.size + this.held.length >= WAITING_MAX;
    if (hold !== undefined && !isFull) {
      this.hold(item, hold.by, hold.holdMs);
      return;
    }
    this.later(isFull ? 0 : delayMs, item);
    for (const { times, gapMs } of copies) {
      for (let copy = 1; copy <= times; copy += 1) this.later(isFull ? 0 : delayMs + copy * gapMs, item);
    }
  }

  /** Nothing passes any more, and nothing that waits comes. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.waiting) timer.cancel();
    for (const { timer } of this.held) timer.cancel();
    this.waiting.clear();
    this.held = [];
  }

  private later(delayMs: number, item: Item): void {
    if (delayMs <= 0) {
      this.emit(item);
      return;
    }
    const timer = this.timers.after(delayMs, () => {
      this.waiting.delete(timer);
      this.emit(item);
    });
    this.waiting.add(timer);
  }

  private hold(item: Item, by: number, holdMs: number): void {
    const timer = this.timers.after(holdMs, () => {
      invariant(this.held.includes(entry), 'a message is held until it is released');
      this.release(entry);
    });
    const entry: Held<Item> = { item, left: by, timer };
    this.held.push(entry);
  }

  private release(entry: Held<Item>): void {
    entry.timer.cancel();
    this.held = this.held.filter((each) => each !== entry);
    this.deliver(entry.item);
  }

  private emit(item: Item): void {
    this.deliver(item);
    for (const entry of this.held) entry.left -= 1;
    for (const entry of this.held.filter(({ left }) => left <= 0)) this.release(entry);
  }
}
