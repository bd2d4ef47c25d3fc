import { type Clock, doneWithin, type Random, type Telemetry, type Timers } from '@tradewind/utils';
import { busMessageText } from '../codec/bus-message.ts';
import type { Bus, BusMessages, DeadLetter, Topic } from '../contracts/bus.ts';
import type { Subscription } from '../contracts/market-data.ts';
import { Deliverer } from './delivery.ts';
import { MessageRing } from './message-ring.ts';
import { NotPublished } from './not-published.ts';
import { type BusSettings, DEFAULT_BUS_SETTINGS } from './settings.ts';
import { mayLoseOldest } from './topics.ts';

export interface LocalBusOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly settings?: Partial<BusSettings>;
}

type Message = BusMessages[Topic];
type Handler = (message: Message, correlationId: string) => void | Promise<void>;

interface Entry {
  readonly message: Message;
  readonly correlationId: string;
  /** Of a message that is replayed: the only group that it is for. */
  readonly onlyFor: string | undefined;
}

interface Member {
  readonly handler: Handler;
}

/** A group reads in order, one message at a time, whichever of its members gets it. */
interface Group {
  readonly name: string;
  /** Of the next message to be handled. */
  position: number;
  readonly members: Member[];
  /** Counts messages, so that members take turns. */
  turn: number;
  running: Promise<void> | undefined;
}

interface TopicState {
  readonly topic: Topic;
  readonly ring: MessageRing<Entry>;
  readonly groups: Map<string, Group>;
}

interface HeldLetter extends Omit<DeadLetter, 'text'> {
  readonly message: Message;
}

/**
 * The bus of one process. A message is kept until every group has handled it. When a topic is full of messages that a group has not
 * handled, the oldest of `market-data` are dropped; of other topics groups that nobody reads any more are forgotten, and when that
 * does not help, publishing is refused. A handler is never called from within `publish`.
 */
export class LocalBus implements Bus {
  private readonly options: LocalBusOptions;
  private readonly settings: BusSettings;
  private readonly deliverer: Deliverer;
  private readonly topics = new Map<Topic, TopicState>();
  private letters: HeldLetter[] = [];
  private lettersMade = 0;
  private isClosed = false;
  private readonly published;
  private readonly refused;
  private readonly dropped;

  constructor(options: LocalBusOptions) {
    this.options = options;
    this.settings = { ...DEFAULT_BUS_SETTINGS, ...options.settings };
    this.deliverer = new Deliverer(options, this.settings);
    const { metrics } = options.telemetry;
    this.published = metrics.counter('bus_published_total', 'Messages that the bus has kept', ['topic']);
    this.refused = metrics.counter('bus_refused_total', 'Messages that the bus had no room for', ['topic']);
    this.dropped = metrics.counter('bus_dropped_total', 'Messages that a slow group has lost', [
      'topic',
      'group',
    ]);
  }

  async publish<T extends Topic>(topic: T, message: BusMessages[T], correlationId: string): Promise<void> {
    this.put(this.stateOf(topic), { message, correlationId, onlyFor: undefined });
  }

  subscribe<T extends Topic>(
    topic: T,
    group: string,
    handler: (message: BusMessages[T], correlationId: string) => void | Promise<void>,
  ): Subscription {
    const state = this.stateOf(topic);
    const reader = groupOf(state, group);
    const member: Member = { handler: handler as Handler };
    reader.members.push(member);
    this.wake(state, reader);
    return {
      end: () => {
        const index = reader.members.indexOf(member);
        if (index >= 0) reader.members.splice(index, 1);
      },
    };
  }

  async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    return this.letters
      .slice(0, limit)
      .map(({ message, ...letter }) => ({ ...letter, text: busMessageText(letter.topic, message) }));
  }

  async replayDeadLetters(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids);
    const chosen = this.letters.filter(({ id }) => wanted.has(id));
    for (const letter of chosen) {
      const { message, correlationId, group } = letter;
      const state = this.stateOf(letter.topic);
      // It may have been forgotten since; then the message waits for whoever reads for it next.
      groupOf(state, group);
      this.put(state, { message, correlationId, onlyFor: group });
      this.letters = this.letters.filter((each) => each !== letter);
    }
    return chosen.length;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.deliverer.stop();
    const running = [...this.topics.values()].flatMap(({ groups }) =>
      [...groups.values()].map((group) => group.running),
    );
    await doneWithin(this.options.timers, this.settings.closeMs, Promise.allSettled(running));
  }

  private put(state: TopicState, entry: Entry): void {
    const { topic, ring, groups } = state;
    if (this.isClosed) throw new NotPublished(topic, 'closed', 'no more messages are taken');
    if (groups.size === 0) return;
    if (ring.isFull) this.makeRoom(state);
    ring.push(entry);
    this.published.add({ topic });
    for (const group of groups.values()) this.wake(state, group);
  }

  private makeRoom(state: TopicState): void {
    const { topic, ring, groups } = state;
    release(state);
    if (!ring.isFull) return;
    if (mayLoseOldest(topic)) {
      ring.release(ring.first + 1);
      for (const group of groups.values()) {
        if (group.position >= ring.first) continue;
        group.position = ring.first;
        this.dropped.add({ topic, group: group.name });
      }
      return;
    }
    for (const group of groups.values()) if (group.members.length === 0) this.forget(state, group);
    release(state);
    if (!ring.isFull) return;
    this.refused.add({ topic });
    const slowest = [...groups.values()].find(({ position }) => position === ring.first);
    throw new NotPublished(
      topic,
      'full',
      `group '${slowest?.name}' has ${this.settings.capacity} messages before it`,
    );
  }

  private forget(state: TopicState, group: Group): void {
    const { topic, ring, groups } = state;
    groups.delete(group.name);
    this.dropped.add({ topic, group: group.name }, ring.next - group.position);
    this.options.telemetry.log.write('warn', 'bus_group_forgotten', { topic, group: group.name });
  }

  private wake(state: TopicState, group: Group): void {
    if (group.running !== undefined || this.isClosed) return;
    // Never from within `publish` or `subscribe`.
    const run = Promise.resolve().then(() => this.run(state, group));
    group.running = run.finally(() => {
      group.running = undefined;
      // What was published or subscribed between the last look and now.
      if (hasWork(state, group)) this.wake(state, group);
    });
  }

  private async run(state: TopicState, group: Group): Promise<void> {
    while (!this.isClosed && hasWork(state, group)) {
      const { position } = group;
      const entry = state.ring.at(position);
      if (entry.onlyFor === undefined || entry.onlyFor === group.name) {
        if (!(await this.handle(state, group, entry))) return;
      }
      // A slow handler may have lost its place in the meantime.
      group.position = Math.max(group.position, position + 1);
    }
    release(state);
  }

  /** False when nobody reads any more: the message waits for the next who does. */
  private async handle({ topic }: TopicState, group: Group, entry: Entry): Promise<boolean> {
    const { message, correlationId } = entry;
    const delivered = await this.deliverer.deliver({
      topic,
      group: group.name,
      correlationId,
      attemptsBefore: 0,
      isRead: () => group.members.length > 0,
      call: () => {
        const member = group.members[group.turn % group.members.length] as Member;
        group.turn += 1;
        return member.handler(message, correlationId);
      },
    });
    if (delivered.kind === 'spent') {
      const { attempts, error } = delivered;
      this.bury({ topic, group: group.name, correlationId, message, attempts, error });
    }
    return delivered.kind !== 'stopped';
  }

  private bury(letter: Omit<HeldLetter, 'id' | 'atMs'>): void {
    this.lettersMade += 1;
    const id = `${letter.topic}/${this.lettersMade}`;
    this.letters.push({ ...letter, id, atMs: this.options.clock.nowMs() });
    if (this.letters.length <= this.settings.deadLettersMaximum) return;
    const lost = this.letters.shift() as HeldLetter;
    const { topic, group, error } = lost;
    this.options.telemetry.log.write(
      'error',
      'bus_dead_letter_lost',
      { topic, group, error },
      lost.correlationId,
    );
  }

  private stateOf(topic: Topic): TopicState {
    let state = this.topics.get(topic);
    if (state === undefined) {
      state = { topic, ring: new MessageRing(this.settings.capacity), groups: new Map() };
      this.topics.set(topic, state);
    }
    return state;
  }
}

/** A new group hears what is published from now on; one that is known goes on where it stopped. */
function groupOf({ ring, groups }: TopicState, name: string): Group {
  let group = groups.get(name);
  if (group === undefined) {
    group = { name, position: ring.next, members: [], turn: 0, running: undefined };
    groups.set(name, group);
  }
  return group;
}

const hasWork = ({ ring }: TopicState, { members, position }: Group): boolean =>
  members.length > 0 && position < ring.next;

function release({ ring, groups }: TopicState): void {
  let least = ring.next;
  for (const { position } of groups.values()) least = Math.min(least, position);
  ring.release(least);
}
