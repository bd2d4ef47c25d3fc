import type { HttpRequest } from '@tradewind/binance';
import type { BreakerScope } from '@tradewind/core/risk';
import type { ExecutionReport } from '@tradewind/exchange-simulator';
import type { CommittedEvent, HaltOrder, HaltResult } from '@tradewind/proto';
import type { TradingProcess } from '../world/trading-process.ts';
import type { World } from '../world/world.ts';
import { type Placement, placementsIn } from './placements.ts';

/** One rule of the fault catalogue, held against everything that is seen. What is not stated it does not look at. */
export interface Check {
  /** 'I1 intent before wire'. */
  readonly name: string;
  /** What the store has taken, new events alone, in order. */
  committed?(events: readonly CommittedEvent[]): void;
  /** What the store had taken and has lost (faults.md P11); told before all that is left of it is shown again. */
  lost?(events: readonly CommittedEvent[]): void;
  /** The first byte of a request leaves a process. */
  requested?(process: TradingProcess, request: HttpRequest): void;
  /** Of such a request, each order that it may place. */
  placing?(process: TradingProcess, placement: Placement): void;
  /** The exchange has changed an order of our account. */
  reported?(report: ExecutionReport): void;
  /** A person was told that a scope is stopped, and where that is stored. */
  halted?(order: HaltOrder, result: HaltResult): void;
  /** A person lets a scope trade again. */
  resuming?(scope: BreakerScope): void;
  /** A line of a process's log. */
  logged?(text: string): void;
  /** After every event of the world. */
  afterEach?(): void;
  /** Nothing happens any more and the system says that it agrees with the exchange. */
  atRest?(): Promise<void>;
}

/** Makes a check for one run. `fail` ends the run; it returns, so that nothing of what is checked notices. */
export type MakeCheck = (world: World, fail: (what: string) => void) => Check;

export interface Violation {
  readonly check: string;
  readonly what: string;
  readonly atMs: number;
}

/** What a check has been shown, so that it can be shown again. */
type Shown = { readonly events: readonly CommittedEvent[] } | { readonly show: (check: Check) => void };

/** Hands everything that is seen to every check, and keeps the first violation. */
export class Checks {
  violation: Violation | undefined;
  private readonly world: World;
  private readonly makers: readonly MakeCheck[];
  private shown: Shown[] = [];
  /** What was written once and never was. */
  private readonly gone: CommittedEvent[] = [];
  private checks: readonly Check[];
  /** While what has been judged is shown again. */
  private isAgain = false;

  constructor(world: World, makers: readonly MakeCheck[]) {
    this.world = world;
    this.makers = makers;
    this.checks = this.make();
  }

  fail(check: string, what: string): void {
    if (!this.isAgain) this.violation ??= { check, what, atMs: this.world.time.nowMs() };
  }

  committed(events: readonly CommittedEvent[]): void {
    this.shown.push({ events });
    for (const check of this.checks) check.committed?.(events);
  }

  /** What was written after an entry never was: the checks begin anew, and are shown what is left. */
  lost(afterSeq: number): void {
    const isLeft = ({ seq }: CommittedEvent): boolean => seq <= afterSeq;
    this.shown = this.shown.map((each) => {
      if ('show' in each) return each;
      this.gone.push(...each.events.filter((event) => !isLeft(event)));
      return { events: each.events.filter(isLeft) };
    });
    this.checks = this.make();
    this.isAgain = true;
    for (const check of this.checks) check.lost?.(this.gone);
    for (const each of this.shown)
      for (const check of this.checks)
        if ('show' in each) each.show(check);
        else check.committed?.(each.events);
    this.isAgain = false;
  }

  requested(process: TradingProcess, request: HttpRequest): void {
    this.show((check) => check.requested?.(process, request));
    for (const placement of placementsIn(request)) this.show((check) => check.placing?.(process, placement));
  }

  reported(report: ExecutionReport): void {
    this.show((check) => check.reported?.(report));
  }

  halted(order: HaltOrder, result: HaltResult): void {
    this.show((check) => check.halted?.(order, result));
  }

  resuming(scope: BreakerScope): void {
    this.show((check) => check.resuming?.(scope));
  }

  logged(text: string): void {
    for (const check of this.checks) check.logged?.(text);
  }

  afterEach(): void {
    for (const check of this.checks) check.afterEach?.();
  }

  async atRest(): Promise<void> {
    for (const check of this.checks) await check.atRest?.();
  }

  private show(show: (check: Check) => void): void {
    this.shown.push({ show });
    for (const check of this.checks) show(check);
  }

  private make(): readonly Check[] {
    return this.makers.map((make) => {
      const check: Check = make(this.world, (what) => {
        // One of before must not be heard any more.
        if (this.checks.includes(check)) this.fail(check.name, what);
      });
      return check;
    });
  }
}
