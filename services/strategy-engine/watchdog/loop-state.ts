import type { EngineWatch } from '../options.ts';

/** What the event loop and its watchdog share: numbers in memory that both threads see. */
export class LoopState implements EngineWatch {
  static readonly BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;
  readonly buffer: SharedArrayBuffer;
  private readonly cells: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(LoopState.BYTES)) {
    this.buffer = buffer;
    this.cells = new Int32Array(buffer);
  }

  beat(): void {
    Atomics.add(this.cells, BEATS, 1);
  }

  get beats(): number {
    return Atomics.load(this.cells, BEATS);
  }

  enter(instance: number): void {
    Atomics.store(this.cells, RUNNING, instance);
  }

  leave(): void {
    Atomics.store(this.cells, RUNNING, 0);
  }

  /** The number of the instance that is running; 0 for none. */
  get running(): number {
    return Atomics.load(this.cells, RUNNING);
  }

  get isRiskHalted(): boolean {
    return Atomics.load(this.cells, HALTED) !== 0;
  }

  get blockedBy(): number {
    return Atomics.load(this.cells, BLOCKED_BY);
  }

  haltRisk(blockedBy: number): void {
    Atomics.store(this.cells, BLOCKED_BY, blockedBy);
    Atomics.store(this.cells, HALTED, 1);
  }

  allowRisk(): void {
    Atomics.store(this.cells, HALTED, 0);
    Atomics.store(this.cells, BLOCKED_BY, 0);
  }
}

const BEATS = 0;
const RUNNING = 1;
const HALTED = 2;
const BLOCKED_BY = 3;
