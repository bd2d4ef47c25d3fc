/**
 * What will be sent. While the ledger writes there is time to make and to sign it: the ledger's own bytes leave first. Where it has
 * written before that, it is made when it is asked for.
 */
export class Preparation<T> {
  private readonly make: () => T;
  private made: T | undefined;

  constructor(make: () => T) {
    this.make = make;
    void this.begin();
  }

  /** @throws what making it throws */
  get result(): T {
    this.made ??= this.make();
    return this.made;
  }

  private async begin(): Promise<void> {
    for (let step = 0; step < STEPS_TO_THE_LEDGER; step += 1) await Promise.resolve();
    try {
      this.made ??= this.make();
    } catch {
      // It fails again when it is asked for.
    }
  }
}

/** Promises between a commit and the bytes of it, with some to spare; more would only begin a little later. */
const STEPS_TO_THE_LEDGER = 8;
