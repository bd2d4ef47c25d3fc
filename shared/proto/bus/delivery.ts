import { backoffMs, type Random, type Telemetry, type Timers } from '@tradewind/utils';
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
  private readonly outside: { readonly timers: Timers; readonly random: Random };
  private readonly settings: BusSettings;
  private readonly log: Telemetry['log'];
  private readonly handled;
  private readonly retries;
  private readonly spent;
  /** Ends the waits that are running. */
  private readonly waits = new Set<() => void>();
  private isStopped = false;

  constructor(
    outside: { readonly timers: Timers; readonly random: Random; readonly telemetry: Telemetry },
    settings: BusSettings,
  ) {
    this.outside = outside;
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
      if (this.isStopped || !target.isRead()) return STOPPED;
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
      await this.wait(backoffMs(this.settings.retry, attempts - 1, this.outside.random));
      if (!this.isStopped) await target.beforeRetry?.();
    }
  }

  /** Waits, unless everything is stopped before. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.isStopped) return resolve();
      const end = (): void => {
        timer.cancel();
        this.waits.delete(end);
        resolve();
      };
      const timer = this.outside.timers.after(delayMs, end);
      this.waits.add(end);
    });
  }

  /** Nothing is given to anybody from now on. */
  stop(): void {
    this.isStopped = true;
    for (const end of [...this.waits]) end();
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

/** Resolves when the work has ended, however, or when the time is over. */
export function endedWithin(timers: Timers, delayMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = timers.after(delayMs, resolve);
    const end = (): void => {
      timer.cancel();
      resolve();
    };
    work.then(end, end);
  });
}
