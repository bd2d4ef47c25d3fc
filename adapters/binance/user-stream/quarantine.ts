/** An event that could not be taken, as it came. */
export interface Quarantined {
  readonly atMs: number;
  readonly reason: 'unreadable' | 'unknown_event' | 'handler_threw';
  readonly detail: string;
  /** The frame, shortened to 4096 characters. */
  readonly text: string;
}

const TEXT_MAX = 4096;

/** The latest events that could not be taken, for people to look at (faults.md U11). When it is full the oldest goes. */
export class Quarantine {
  private readonly kept: Quarantined[] = [];
  private readonly keptMax: number;
  private total = 0;

  constructor(keptMax = 100) {
    this.keptMax = keptMax;
  }

  add(event: Quarantined): Quarantined {
    const shortened = { ...event, text: event.text.slice(0, TEXT_MAX) };
    this.kept.push(shortened);
    if (this.kept.length > this.keptMax) this.kept.shift();
    this.total += 1;
    return shortened;
  }

  /** Oldest first. */
  get events(): readonly Quarantined[] {
    return this.kept;
  }

  /** How many there have been, those included that are not kept any more. */
  get count(): number {
    return this.total;
  }
}
