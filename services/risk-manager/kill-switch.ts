import type { Caller } from '@tradewind/binance';
import type { BreakerScope, RiskDesk } from '@tradewind/core/risk';
import type { HaltOrder, HaltResult } from '@tradewind/proto';
import { type Clock, doneWithin, type Random, type Telemetry, type Timers } from '@tradewind/utils';
import { CancelSweep } from './cancel-sweep.ts';
import type { EventMaker } from './event-maker.ts';
import type { LedgerWriter } from './ledger-writer.ts';
import type { Reservations } from './reservations.ts';
import type { RiskManagerSettings } from './settings.ts';
import type { Stops } from './stops.ts';

export interface KillSwitchParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly caller: Caller;
  readonly desk: RiskDesk;
  readonly stops: Stops;
  readonly reservations: Reservations;
  readonly events: EventMaker;
  readonly writer: LedgerWriter;
  readonly settings: RiskManagerSettings;
}

/** Stops a scope and cancels its orders over a connection of its own: by a person's command, or when order execution falls silent. */
export class KillSwitch {
  private readonly parts: KillSwitchParts;
  private heardAtMs: number;
  private isDeadManTold = false;
  /** Strategies whose orders are to go as soon as the ledger has said which these are; undefined once it has. */
  private awaiting: Set<string> | undefined = new Set();

  constructor(parts: KillSwitchParts) {
    this.parts = parts;
    this.heardAtMs = parts.clock.elapsedMs();
  }

  /** Trading has stopped before anything is stored or canceled; what is not done in time goes on behind the answer (faults.md K7). */
  async halt({ scope, state, by, why, cancelsOrders }: HaltOrder): Promise<HaltResult> {
    const { clock, timers, desk, stops, settings } = this.parts;
    const atMs = clock.nowMs();
    stops.change({ action: state === 'halted' ? 'halt' : 'reduce', scope, by, why }, () =>
      desk.halt({ scope, state, by, why, atMs }),
    );
    const sweep = cancelsOrders ? this.sweep(scope) : undefined;
    const isPutOff = cancelsOrders && sweep === undefined;
    await doneWithin(timers, settings.haltAnswerMs, Promise.all([stops.stored(), sweep?.done]));
    return {
      breakers: stops.breakers,
      storedIn: stops.storedIn,
      canceled: [...(sweep?.proven ?? [])],
      unproven: isPutOff ? this.allSymbols : [...(sweep?.unproven ?? [])],
    };
  }

  /**
   * Cancels what is open in a scope, and tells of what could not be proven canceled.
   * @returns undefined when it is put off: whose orders are whose only the ledger says
   */
  sweep(scope: BreakerScope): CancelSweep | undefined {
    if (scope.kind === 'strategy' && this.awaiting !== undefined) {
      this.awaiting.add(scope.name);
      return undefined;
    }
    const { caller, timers, random, settings, reservations } = this.parts;
    const options = {
      caller,
      timers,
      random,
      attemptsMaximum: settings.sweepAttemptsMaximum,
      retry: settings.sweepRetry,
      mayStillArrive: (symbol: string) => reservations.mayStillArrive(symbol),
    };
    const sweep = new CancelSweep(options, {
      symbols: this.symbolsOf(scope),
      ...(scope.kind === 'strategy'
        ? { isMeant: (id: string) => reservations.strategyOf(id) === scope.name }
        : {}),
    });
    void sweep.done.then(() => this.tellSwept(sweep));
    return sweep;
  }

  /** The ledger has been read: what was put off is done. */
  knowsOrders(): void {
    const { awaiting = [] } = this;
    this.awaiting = undefined;
    for (const name of awaiting) this.sweep({ kind: 'strategy', name });
  }

  /** A sign of life of order execution. */
  heard(): void {
    this.heardAtMs = this.parts.clock.elapsedMs();
    this.isDeadManTold = false;
  }

  /** Order execution has been silent for too long while orders are open: nobody looks after them. */
  watch(): void {
    const { clock, desk, stops, settings } = this.parts;
    const silentMs = clock.elapsedMs() - this.heardAtMs;
    const isSilent = silentMs > settings.heartbeatMsMaximum && desk.reservations.account.orders > 0;
    if (!isSilent || this.isDeadManTold) return;
    this.isDeadManTold = true;
    const detail = `order execution has been silent for ${Math.floor(silentMs)} ms`;
    stops.guard('dead_man', { kind: 'account' }, 'dead_man', detail);
    this.sweep({ kind: 'account' });
  }

  private symbolsOf(scope: BreakerScope): readonly string[] {
    const { reservations } = this.parts;
    switch (scope.kind) {
      case 'symbol':
        return [scope.name];
      case 'strategy':
        return reservations.symbolsOf(scope.name);
      default:
        return this.allSymbols;
    }
  }

  private get allSymbols(): readonly string[] {
    const { settings } = this.parts;
    return [...new Set([...settings.symbols, ...settings.limits.symbols.keys()])];
  }

  private tellSwept({ proven, unproven }: CancelSweep): void {
    const { telemetry, writer, events } = this.parts;
    const fields = { proven: [...proven].join(' '), unproven: [...unproven].join(' ') };
    if (unproven.size === 0) {
      telemetry.log.write('info', 'orders_canceled', fields);
      return;
    }
    telemetry.log.write('error', 'cancel_unproven', fields);
    const message = `orders may still be open on ${fields.unproven}: cancel them at the exchange`;
    writer.write(
      events.make({ kind: 'alert', severity: 'critical', name: 'cancel_unproven', message, fields }),
    );
  }
}
