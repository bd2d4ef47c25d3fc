import type { AlertBody, EventBody, EventHead, TradingEvent } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';

export interface EventOrigin {
  readonly correlationId: string;
  readonly causeId?: string | undefined;
  /** Where what happened has a name of its own, such as a trade of the venue: then it cannot be written twice. */
  readonly id?: string;
}

/**
 * Names events and orders. Names are made of the leader's epoch, which no two runs share, and of a counter; so the same run of a
 * simulation gives the same names, and no name comes twice.
 */
export class EventMaker {
  private readonly clock: Clock;
  private epoch = '0';
  private made = 0;
  /** An order has several names of one millisecond, whose digits take longer than all else in a name. */
  private timeMs = Number.NaN;
  private time = '';

  constructor(clock: Clock) {
    this.clock = clock;
  }

  startEpoch(epoch: number): void {
    this.epoch = epoch.toString(36);
  }

  make(body: EventBody, origin: EventOrigin): TradingEvent {
    return { ...body, ...this.headOf(origin) };
  }

  /**
   * What an event begins with. To lay a body of any kind over it, as `make` does, takes three times as long as to write that body down
   * behind it: for what an order waits for.
   */
  headOf({ correlationId, causeId, id }: EventOrigin): EventHead {
    const name = id ?? this.nextName('x');
    const atMs = this.clock.nowMs();
    return causeId === undefined
      ? { id: name, correlationId, atMs, service: 'order-execution' }
      : { id: name, correlationId, causeId, atMs, service: 'order-execution' };
  }

  alert(
    severity: AlertBody['severity'],
    name: string,
    message: string,
    fields: AlertBody['fields'],
    correlationId?: string,
  ): TradingEvent {
    const id = this.nextName('x');
    return this.make(
      { kind: 'alert', severity, name, message, fields },
      { id, correlationId: correlationId ?? id },
    );
  }

  /** Also fit for the venue as the id of an order or a cancel: short, of letters, digits and dashes. */
  nextName(prefix: string): string {
    const nowMs = this.clock.nowMs();
    if (nowMs !== this.timeMs) {
      this.timeMs = nowMs;
      this.time = nowMs.toString(36);
    }
    this.made += 1;
    return `${prefix}-${this.epoch}-${this.time}-${this.made.toString(36)}`;
  }
}
