import type { Timer } from './clock.ts';

/** A timer that waits. */
export interface WaitingTimer {
  readonly atMs: number;
  /** Of timers of one instant, which was set first. */
  readonly order: number;
  readonly callback: () => void;
}

/** Timers that wait for their instants; those of one instant in the order in which they were set. Its owner says what the time is. */
export class TimerQueue {
  private readonly waiting = new Set<WaitingTimer>();
  /** A binary heap of those that wait, and of those that have been canceled and have not come to the top since. */
  private readonly heap: WaitingTimer[] = [];
  private count = 0;

  add(atMs: number, callback: () => void): Timer {
    const timer: WaitingTimer = { atMs, order: this.count, callback };
    this.count += 1;
    this.waiting.add(timer);
    this.heap.push(timer);
    this.rise(this.heap.length - 1);
    return { cancel: () => void this.waiting.delete(timer) };
  }

  get size(): number {
    return this.waiting.size;
  }

  first(): WaitingTimer | undefined {
    const { heap, waiting } = this;
    while (heap.length > 0 && !waiting.has(heap[0]!)) {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      heap[0] = last;
      this.sink();
    }
    return heap[0];
  }

  /** All whose instant is not after `atMs`, in order; they still wait. */
  dueAt(atMs: number): WaitingTimer[] {
    const due = this.heap.filter((timer) => timer.atMs <= atMs && this.waiting.has(timer));
    return due.sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }

  /** Calls back, once; nothing happens when the timer does not wait any more. */
  fire(timer: WaitingTimer): void {
    if (this.waiting.delete(timer)) timer.callback();
  }

  private rise(from: number): void {
    const { heap } = this;
    const timer = heap[from]!;
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = timer;
  }

  private sink(): void {
    const { heap } = this;
    const timer = heap[0]!;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, timer)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = timer;
  }
}

const isBefore = (one: WaitingTimer, other: WaitingTimer): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
