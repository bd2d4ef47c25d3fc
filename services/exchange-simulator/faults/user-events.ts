import type { UserEvent, UserEventSink } from '../user-events/index.ts';
import type { FaultEngine } from './engine.ts';
import type { MessageFacts } from './facts.ts';
import { editJson } from './json-edit.ts';
import { Lane } from './lane.ts';
import { type MessageEdit, messageFate } from './message-fate.ts';

/** The way of user events from the exchange to the WebSocket API through the faults: one lane per account. */
export class UserEvents implements UserEventSink {
  private readonly engine: FaultEngine;
  private readonly next: UserEventSink;
  private readonly lanes = new Map<number, Lane<UserEvent>>();

  constructor(engine: FaultEngine, next: UserEventSink) {
    this.engine = engine;
    this.next = next;
  }

  tell(event: UserEvent): void {
    if (!this.engine.concernsEvents && this.lanes.size === 0) {
      this.next.tell(event);
      return;
    }
    const fate = messageFate(this.engine.struckEvent(factsOf(event)), event, edited);
    this.laneOf(event.account).pass(fate);
  }

  private laneOf(account: number): Lane<UserEvent> {
    let lane = this.lanes.get(account);
    if (lane === undefined) {
      lane = new Lane(this.engine.ports.timers, (event) => this.next.tell(event));
      this.lanes.set(account, lane);
    }
    return lane;
  }
}

const factsOf = (event: UserEvent): MessageFacts => ({
  event: event.kind,
  symbol: event.symbol,
  account: event.account,
  stream: undefined,
  body: () => JSON.parse(event.text('MILLISECOND')),
});

function edited(event: UserEvent, edit: MessageEdit): UserEvent {
  if (edit.fault !== 'edit_event') return event;
  const { kind, account, symbol } = event;
  return {
    kind,
    account,
    symbol,
    text: (unit) => JSON.stringify(editJson(JSON.parse(event.text(unit)), edit)),
  };
}
