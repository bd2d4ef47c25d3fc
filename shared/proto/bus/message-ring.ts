import { invariant } from '@tradewind/core/result';

/** The last messages of a topic, counted from 0 for ever; those between `first` and `next` are held. */
export class MessageRing<M> {
  private readonly slots: (M | undefined)[] = [];
  private readonly capacity: number;
  private firstHeld = 0;
  private nextFree = 0;

  /** @param capacity  whole, from 1 */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get first(): number {
    return this.firstHeld;
  }

  get next(): number {
    return this.nextFree;
  }

  get isFull(): boolean {
    return this.nextFree - this.firstHeld === this.capacity;
  }

  push(message: M): void {
    invariant(!this.isFull, 'a message is put into a ring that has room');
    this.slots[this.nextFree % this.capacity] = message;
    this.nextFree += 1;
  }

  at(position: number): M {
    invariant(position >= this.firstHeld && position < this.nextFree, 'a position of a ring is held');
    return this.slots[position % this.capacity] as M;
  }

  /** Lets go of everything before a position. */
  release(position: number): void {
    for (; this.firstHeld < position; this.firstHeld += 1) {
      this.slots[this.firstHeld % this.capacity] = undefined;
    }
  }
}
