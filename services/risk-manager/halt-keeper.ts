import { type BreakerScope, type BreakerStates, isSameScope } from '@tradewind/core/risk';
import type { ControlBody } from '@tradewind/proto';
import { type BackoffTimes, every, type Timers, type Waits } from '@tradewind/utils';
import { haltTextOf, readHaltText, scopeToCancelIn } from './halt-text.ts';
import type { HaltFile } from './ports.ts';

export interface HaltKeeperOptions {
  readonly file: HaltFile;
  readonly timers: Timers;
  readonly waits: Waits;
  readonly retry: BackoffTimes;
  readonly everyMs: number;
  /** The last change, with what is stopped now. */
  readonly current: () => ControlBody;
  /** The file has what is not stopped here: it is obeyed. With a scope to cancel, its open orders are to go, too. */
  readonly found: (states: BreakerStates, scopeToCancel: BreakerScope | undefined) => void;
  /** The file cannot be read, which counts as a halt (faults.md I8). */
  readonly unreadable: (detail: string) => void;
  readonly troubled: (detail: string) => void;
}

/** Keeps what is stopped in the halt file, and obeys what others write into it. */
export class HaltKeeper {
  private readonly options: HaltKeeperOptions;
  /** What the file had when it was last read or written. */
  private known: string | undefined;
  private isDirty = false;
  private isWriting = false;
  private writing: Promise<void> | undefined;
  private isStopped = false;
  private endWatch: () => void = () => undefined;

  constructor(options: HaltKeeperOptions) {
    this.options = options;
  }

  /** The file says what is stopped now. */
  get isStored(): boolean {
    return !this.isDirty && !this.isWriting;
  }

  /** Looks for the first time. @returns whether there was anything to read */
  async open(): Promise<boolean> {
    const reading = await this.options.file.read();
    this.judge(reading);
    return reading.kind !== 'absent';
  }

  watch(): void {
    if (this.isStopped) return;
    this.endWatch = every(this.options.timers, this.options.everyMs, () => this.look());
  }

  stop(): void {
    this.isStopped = true;
    this.endWatch();
  }

  /** What is stopped has changed. */
  changed(): void {
    this.isDirty = true;
    if (!this.isWriting) this.writing = this.writeUntilDone();
  }

  /** Resolves when the file says what is stopped now. */
  async stored(): Promise<void> {
    await this.writing;
  }

  /** Writes another state, once. @returns what went wrong */
  async writeNow(control: ControlBody): Promise<string | undefined> {
    if (!this.isStored) return 'an earlier change is not written yet';
    this.isWriting = true;
    const problem = await this.write(haltTextOf(control));
    this.isWriting = false;
    if (this.isDirty) this.writing = this.writeUntilDone();
    return problem;
  }

  private async look(): Promise<void> {
    if (!this.isStored) return;
    const reading = await this.options.file.read();
    // What was read while a change is being written says nothing.
    if (this.isStored) this.judge(reading);
  }

  private judge(reading: Awaited<ReturnType<HaltFile['read']>>): void {
    const { current, found, unreadable } = this.options;
    if (reading.kind === 'failed') {
      unreadable(reading.detail);
      return;
    }
    if (reading.kind === 'absent') {
      this.known = undefined;
      if (current().breakers.trips.length > 0) this.changed();
      return;
    }
    if (reading.text === this.known) return;
    this.known = reading.text;
    const states = readHaltText(reading.text);
    if (!states.ok) {
      unreadable(states.error);
      return;
    }
    found(states.value, scopeToCancelIn(reading.text));
    if (!hasAllOf(states.value, current().breakers)) this.changed();
  }

  private async writeUntilDone(): Promise<void> {
    this.isWriting = true;
    const { waits, retry, current, troubled } = this.options;
    for (let failures = 0; this.isDirty && !this.isStopped; ) {
      this.isDirty = false;
      const problem = await this.write(haltTextOf(current()));
      if (problem === undefined) continue;
      this.isDirty = true;
      troubled(problem);
      await waits.backOff(retry, failures);
      failures += 1;
    }
    this.isWriting = false;
  }

  private async write(text: string): Promise<string | undefined> {
    const problem = await this.options.file.write(text);
    if (problem === undefined) this.known = text;
    return problem;
  }
}

const hasAllOf = (stored: BreakerStates, current: BreakerStates): boolean =>
  current.trips.every(({ scope, state }) =>
    stored.trips.some((each) => each.state === state && isSameScope(each.scope, scope)),
  );
