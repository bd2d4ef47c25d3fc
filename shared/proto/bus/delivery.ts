import { type Random, type Telemetry, type Timers, Waits } from '@tradewind/utils';
import type { Topic } from '../contracts/bus.ts';
import type { BusSettings } from './settings.ts';

/** What became of giving one message to one group. stopped: nobody reads any more, and the message is not handled. */
export type Delivered =
  | { readonly kind: 'handled' }
  | { readonly kind: 'spent'; readonly attempts: number; readonly error: string }
  | { readonly kind: 'stopped' };

export interface DeliveryTarget {
  readonly topic: Topic;
  readonly group: string;
  readonly correlationId: string;
  /** How often it was tried before, by whoever had it then. */
  readonly attemptsBefore: number;
  /** Gives the message to a member of the group. */
  readonly call: () => void | Promise<void>;
  /** Whether anybody still reads. */
  readonly isRead: () => boolean;
  /** Called before every further attempt: the message is still being worked on. */
  readonly beforeRetry?: () => Promise<void>;
}

const HANDLED: Delivered = { kind: 'handled' };
const STOPPED: Delivered = { kind: 'stopped' };

/** Gives messages to handlers, again and later when they fail, until their attempts are spent. Every way of the bus has one. */
export class Deliverer {
  /** Over when nothing is given to anybody any more. */
  readonly waits: Waits;
  private readonly settings: BusSettings;
  private readonly log: Telemetry['log'];
  private readonly handled;
  private readonly retries;
  private readonly spent;

  constructor(
    outside: { readonly timers: Timers; readonly random: Random; readonly telemetry: Telemetry },
    settings: BusSettings,
  ) {
    this.waits = new Waits(outside);
    this.settings = settings;
    const { log, metrics } = outside.telemetry;
    this.log = log;
    const labels = ['topic', 'group'] as const;
    this.handled = metrics.counter('bus_handled_total', 'Messages of the bus that were handled', labels);
    this.retries = metrics.counter('bus_retries_total', 'Messages given to a handler once more', labels);
    this.spent = metrics.counter('bus_dead_letters_total', 'Messages that went to the dead letters', labels);
  }

  async deliver(target: DeliveryTarget): Promise<Delivered> {
    const { topic, group, correlationId } = target;
    for (let attempts = target.attemptsBefore + 1; ; attempts += 1) {
      if (this.waits.isOver || !target.isRead()) return STOPPED;
      const error = await failureOf(target.call);
      if (error === undefined) {
        this.handled.add({ topic, group });
        return HANDLED;
      }
      if (attempts >= this.settings.attemptsMaximum) {
        this.spent.add({ topic, group });
        this.log.write('error', 'bus_message_dead', { topic, group, attempts, error }, correlationId);
        return { kind: 'spent', attempts, error };
      }
      this.retries.add({ topic, group });
      this.log.write('warn', 'bus_handler_failed', { topic, group, attempts, error }, correlationId);
      if (await this.waits.backOff(this.settings.retry, attempts - 1)) await target.beforeRetry?.();
    }
  }

  /** Nothing is given to anybody from now on. */
  stop(): void {
    this.waits.end();
  }
}

const ERROR_CHARACTERS_MAX = 500;

async function failureOf(call: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return text.slice(0, ERROR_CHARACTERS_MAX);
  }
}
