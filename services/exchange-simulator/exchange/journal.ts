import type { ExchangeListener } from './listener.ts';

type Kind = keyof ExchangeListener;
type EventOf<K extends Kind> = Parameters<ExchangeListener[K]>[0];
interface Told {
  readonly kind: Kind;
  readonly event: unknown;
}
/** Somebody who is told one kind of event. */
interface Hearer {
  readonly listener: Partial<ExchangeListener>;
  readonly tell: (event: unknown) => void;
  readonly hears: (account: number) => boolean;
}
const NOBODY: readonly Hearer[] = [];

/**
 * What happens during a command, kept until the command is done and then told to all listeners. What a listener's own
 * commands bring comes after. A command makes a bounded number of events: at most a few per order that it touches.
 */
export class Journal {
  /** Replaced when it changes, so that who is being told can be gone through in peace. */
  private hearers: Partial<Record<Kind, readonly Hearer[]>> = {};
  private readonly events: Told[] = [];
  private isTelling = false;

  listen(listener: Partial<ExchangeListener>, hears: (account: number) => boolean = () => true): () => void {
    const changed = { ...this.hearers };
    for (const kind of KINDS) {
      const method = listener[kind] as ((event: unknown) => void) | undefined;
      if (method === undefined) continue;
      changed[kind] = [...(changed[kind] ?? NOBODY), { listener, hears, tell: method.bind(listener) }];
    }
    this.hearers = changed;
    return () => this.forget(listener);
  }

  /** Whether an event of an account is worth making: most accounts are listened to by nobody. */
  isHeard(kind: Kind, account: number): boolean {
    for (const { hears } of this.hearers[kind] ?? NOBODY) if (hears(account)) return true;
    return false;
  }

  note<K extends Kind>(kind: K, event: EventOf<K>): void {
    if (this.hearers[kind] !== undefined) this.events.push({ kind, event });
  }

  tell(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      // What a listener's commands bring is appended to `events`, so its length is looked at anew each time.
      for (let at = 0; at < this.events.length; at++) {
        const { kind, event } = this.events[at]!;
        for (const { tell } of this.hearers[kind] ?? NOBODY) tell(event);
      }
    } finally {
      this.events.length = 0;
      this.isTelling = false;
    }
  }

  private forget(listener: Partial<ExchangeListener>): void {
    const changed = { ...this.hearers };
    for (const kind of KINDS)
      changed[kind] = (changed[kind] ?? NOBODY).filter((one) => one.listener !== listener);
    this.hearers = changed;
  }
}

const KINDS: readonly Kind[] = [
  'executionReport',
  'listStatus',
  'accountPosition',
  'balanceUpdate',
  'externalLock',
  'trade',
  'aggregateTrade',
  'bookChange',
  'symbolChanged',
  'wiped',
];
