import type { ExchangeListener } from './listener.ts';

type Kind = keyof ExchangeListener;
type EventOf<K extends Kind> = Parameters<ExchangeListener[K]>[0];
interface Told {
  readonly kind: Kind;
  readonly event: unknown;
}
interface Hearer {
  readonly listener: Partial<ExchangeListener>;
  readonly hears: (account: number) => boolean;
}

/**
 * What happens during a command, kept until the command is done and then told to all listeners. What a listener's own
 * commands bring comes after. A command makes a bounded number of events: at most a few per order that it touches.
 */
export class Journal {
  /** Replaced when it changes, so that who is being told can be gone through in peace. */
  private hearers: readonly Hearer[] = [];
  private readonly events: Told[] = [];
  private isTelling = false;

  listen(listener: Partial<ExchangeListener>, hears: (account: number) => boolean = () => true): () => void {
    this.hearers = [...this.hearers, { listener, hears }];
    return () => {
      this.hearers = this.hearers.filter((one) => one.listener !== listener);
    };
  }

  /** Whether an event of an account is worth making: most accounts are listened to by nobody. */
  isHeard(kind: Kind, account: number): boolean {
    for (const { listener, hears } of this.hearers)
      if (listener[kind] !== undefined && hears(account)) return true;
    return false;
  }

  note<K extends Kind>(kind: K, event: EventOf<K>): void {
    this.events.push({ kind, event });
  }

  tell(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      // What a listener's commands bring is appended to `events`, so its length is looked at anew each time.
      for (let at = 0; at < this.events.length; at++) {
        const { kind, event } = this.events[at]!;
        for (const { listener } of this.hearers) {
          (listener[kind] as ((event: unknown) => void) | undefined)?.call(listener, event);
        }
      }
    } finally {
      this.events.length = 0;
      this.isTelling = false;
    }
  }
}
