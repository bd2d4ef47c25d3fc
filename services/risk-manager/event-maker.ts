import type { EventBody, TradingEvent } from '@tradewind/proto';
import type { Clock, Random } from '@tradewind/utils';

/** Makes the events of one run of this service, with ids that no other run has. */
export class EventMaker {
  private readonly clock: Clock;
  /** Names this run; begins the id of every event of it. */
  readonly run: string;
  private made = 0;

  constructor(clock: Clock, random: Random) {
    this.clock = clock;
    this.run = `risk-${random.nextUint32().toString(36)}${random.nextUint32().toString(36)}`;
  }

  /** Whether an event was made by this run. */
  hasMade({ id }: Pick<TradingEvent, 'id'>): boolean {
    return id.startsWith(`${this.run}-`);
  }

  /** @param suffix  what the id tells besides */
  make(body: EventBody, correlationId?: string, suffix = ''): TradingEvent {
    this.made += 1;
    const id = `${this.run}-${this.made}${suffix}`;
    return {
      ...body,
      id,
      correlationId: correlationId ?? id,
      atMs: this.clock.nowMs(),
      service: 'risk-manager',
    };
  }
}

/** The id of a change of control or of a valuation says up to which event of the journal it knows everything. */
export const throughSuffix = (seq: number): string => `-through-${seq}`;
export function throughSeqOf(id: string): number | undefined {
  const [, digits] = /^risk-\w+-\d+-through-(\d+)$/.exec(id) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
