import type { ExchangeListener } from './listener.ts';

type Kind = keyof ExchangeListener;
type EventOf<K extends Kind> = Parameters<ExchangeListener[K]>[0];
interface Told {
  readonly kind: Kind;
  readonly event: unknown;
}

/**
 * What happens during a command, kept until the command is done and then told to all listeners. What a listener's own
 * commands bring comes after. A command makes a bounded number of events: at most a few per order that it touches.
 */
export class Journal {
  /** Replaced when it changes, so that who is being told can be gone through in peace. */
  private listeners: readonly Partial<ExchangeListener>[] = [];
  private readonly events: Told[] = [];
  private isTelling = false;

  listen(listener: Partial<ExchangeListener>): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((one) => one !== listener);
    };
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
        for (const listener of this.listeners) {
          (listener[kind] as ((event: unknown) => void) | undefined)?.call(listener, event);
        }
      }
    } finally {
      this.events.length = 0;
      this.isTelling = false;
    }
  }
}
