import { type TimeUnit, timeIn } from '../../notation/time-unit.ts';

/** A connection as the sender of events sees it. */
export interface Subscriber {
  readonly isCombined: boolean;
  readonly unit: TimeUnit;
  /** @param stream  the name of the stream that the text is of */
  send(stream: string, text: string): void;
}

/** How a time, epoch ms, is written for a subscriber. */
export type TimeText = (timeMs: number) => number;

const IN_MILLISECONDS: TimeText = (timeMs) => timeMs;
const IN_MICROSECONDS: TimeText = (timeMs) => timeIn('MICROSECOND', timeMs);

/** One stream and who is subscribed to it. An event is made into text once for each form that somebody wants, not for each subscriber. */
export class Channel {
  readonly name: string;
  private readonly subscribers = new Set<Subscriber>();

  constructor(name: string) {
    this.name = name;
  }

  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
  }

  get isEmpty(): boolean {
    return this.subscribers.size === 0;
  }

  /** @param makeEvent  the event as an object with its times written by `time` */
  publish(makeEvent: (time: TimeText) => unknown): void {
    const event = new EventTexts(this.name, makeEvent);
    for (const subscriber of this.subscribers)
      subscriber.send(this.name, event.text(subscriber.isCombined, subscriber.unit));
  }
}

/** An event in the forms it is sent in, each made when it is first wanted. */
export class EventTexts {
  readonly stream: string;
  private readonly makeEvent: (time: TimeText) => unknown;
  private readonly texts: (string | undefined)[] = [];

  constructor(stream: string, makeEvent: (time: TimeText) => unknown) {
    this.stream = stream;
    this.makeEvent = makeEvent;
  }

  text(isCombined: boolean, unit: TimeUnit): string {
    const form = (isCombined ? 1 : 0) + (unit === 'MICROSECOND' ? 2 : 0);
    this.texts[form] ??= isCombined
      ? `{"stream":${JSON.stringify(this.stream)},"data":${this.text(false, unit)}}`
      : JSON.stringify(this.makeEvent(unit === 'MICROSECOND' ? IN_MICROSECONDS : IN_MILLISECONDS));
    return this.texts[form];
  }
}
