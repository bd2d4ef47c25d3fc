import type { ExecutionReport } from '@tradewind/exchange-simulator';
import type { CommittedEvent } from '@tradewind/proto';
import { type LogFields, silentTelemetry, type Telemetry } from '@tradewind/utils';
import { Checks, type MakeCheck } from '../checks/check.ts';
import type { Deployment } from '../world/services.ts';
import { type Replace, type Witness, World } from '../world/world.ts';
import { EventLog } from './event-log.ts';

export interface WatchedWorldOptions {
  readonly seed: number;
  readonly deployment: Deployment;
  readonly checks: readonly MakeCheck[];
  readonly isTraced: boolean;
  readonly replace: Replace;
}

/** A world whose every event is checked and logged. */
export class WatchedWorld {
  readonly world: World;
  readonly checks: Checks;
  readonly log: EventLog;

  constructor({ seed, deployment, checks, isTraced, replace }: WatchedWorldOptions) {
    const witness: Witness = {
      afterEach: () => this.afterEach(),
      wire: (process) => ({
        requested: (request) => {
          this.log.add(
            process.name,
            `-> ${request.method} ${withoutSignature(request.url)} ${request.body ?? ''}`,
          );
          this.checks.requested(process, request);
        },
        sent: (text) => this.log.add(process.name, `-> ${withoutSignature(text)}`),
      }),
      store: {
        committed: (events) => this.committed(events),
        lost: (afterSeq) => {
          this.log.add('ledger', `comes back without what was written after ${afterSeq}`);
          this.checks.lost(afterSeq);
        },
      },
      operator: {
        halted: (order, result) => this.checks.halted(order, result),
        resuming: (scope) => this.checks.resuming(scope),
      },
      telemetry: (name) => this.telemetryOf(name),
      note: (text) => this.log.add('world', text),
    };
    this.world = new World(seed, deployment, witness, replace);
    const { world } = this;
    this.log = new EventLog(() => world.time.nowMs(), isTraced);
    this.checks = new Checks(world, checks);
    world.simulator.exchange.listen({ executionReport: (report) => this.reported(report) });
  }

  /** @throws what ends the run */
  private afterEach(): void {
    this.checks.afterEach();
    if (this.checks.violation !== undefined) throw new RunEnded();
  }

  private committed(events: readonly CommittedEvent[]): void {
    for (const { seq, kind, id } of events) this.log.add('ledger', `${seq} ${kind} ${id}`);
    this.checks.committed(events);
  }

  private reported(report: ExecutionReport): void {
    const { order, executionType } = report;
    if (order.account !== this.world.account) return;
    this.log.add(
      'exchange',
      `${executionType} ${order.symbol} ${order.orderId} ${order.clientOrderId} ${order.status}`,
    );
    this.checks.reported(report);
  }

  private telemetryOf(name: string): Telemetry {
    return {
      ...silentTelemetry,
      log: {
        write: (level, event, fields) => {
          const text = textOf(event, fields);
          this.checks.logged(text);
          if (level !== 'debug') this.log.add(name, text);
        },
      },
    };
  }
}

/** A check has found something: nothing more is to happen in this world. */
export class RunEnded extends Error {}

const textOf = (event: string, fields: LogFields = {}): string =>
  [event, ...Object.entries(fields).map(([key, value]) => `${key}=${value}`)].join(' ');

const withoutSignature = (text: string): string => text.replace(/&?signature=[^&"]*/, '');
