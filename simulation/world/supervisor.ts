import { invariant } from '@tradewind/core/result';
import type { Timers } from '@tradewind/utils';
import type { TradingProcess } from './trading-process.ts';

const RESTART_AFTER_MS = 2_000;

/** Keeps one process running, as an operating system's supervisor does: what ends is started again. */
export class Supervisor {
  private readonly timers: Timers;
  private readonly newProcess: () => TradingProcess;
  private readonly note: (text: string) => void;
  private running: TradingProcess | undefined;

  constructor(timers: Timers, newProcess: () => TradingProcess, note: (text: string) => void) {
    this.timers = timers;
    this.newProcess = newProcess;
    this.note = note;
  }

  start(): void {
    this.running = this.begin((process) => this.restart(process));
  }

  /** The one that is watched; dead for the moment between its end and its restart. */
  get current(): TradingProcess {
    invariant(this.running !== undefined, 'something has been started');
    return this.running;
  }

  /** @returns for the trace */
  kill(): string {
    const process = this.current;
    if (!process.lifeline.isAlive) return `${process.name} is dead already`;
    process.kill();
    this.restart(process);
    return process.name;
  }

  /** SIGTERM: it ends in order, is killed when that takes too long, and is started again. @returns for the trace */
  stop(): string {
    const process = this.current;
    const { running } = process;
    if (!process.lifeline.isAlive || running === undefined) return this.kill();
    let hasEnded = false;
    const end = (): void => {
      if (hasEnded || !process.lifeline.isAlive) return;
      hasEnded = true;
      process.kill();
      this.restart(process);
    };
    void running.stop().then(end);
    this.timers.after(GRACE_MS, end);
    return process.name;
  }

  /** Another one beside it, which nobody watches. */
  second(): TradingProcess {
    return this.begin(() => undefined);
  }

  /** Another one takes the place of the present one, which goes on. @returns the old one */
  replace(): TradingProcess {
    const old = this.current;
    this.start();
    return old;
  }

  private restart(ended: TradingProcess): void {
    this.timers.after(RESTART_AFTER_MS, () => {
      // It may have been replaced in the meantime.
      if (ended === this.running) this.start();
    });
  }

  private begin(ended: (process: TradingProcess) => void): TradingProcess {
    const process = this.newProcess();
    void process.start().then((started) => {
      if (started.ok) return;
      this.note(`${process.name} does not start: ${started.error}`);
      process.kill();
      ended(process);
    });
    return process;
  }
}

/** How long a process may take to end in order, ms. */
const GRACE_MS = 30_000;
