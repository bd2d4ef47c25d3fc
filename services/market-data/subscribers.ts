import type { MarketRequest, MarketUpdate, Subscription } from '@tradewind/proto';

export type UpdateListener = (update: MarketUpdate) => void;
type Kind = MarketUpdate['kind'];
/** Kinds that every subscriber gets, whatever it asked for. */
const ALWAYS: readonly Kind[] = ['feed', 'instrument'];
const KINDS: readonly Kind[] = ['trade', 'quote', 'book', 'bar', ...ALWAYS];
const NOBODY: readonly UpdateListener[] = [];

/** Who wants to hear what of one symbol. The lists are replaced when they change, so that who is being told may subscribe or end. */
export class Subscribers {
  private readonly lists = new Map<Kind, readonly UpdateListener[]>();
  trade = NOBODY;
  quote = NOBODY;
  book = NOBODY;

  /** @param listener  gets every kind once, however often it is among them */
  add(listener: UpdateListener, kinds: MarketRequest['kinds']): Subscription {
    const wanted =
      kinds === undefined ? KINDS : KINDS.filter((kind) => kinds.includes(kind) || ALWAYS.includes(kind));
    // The same function may be subscribed twice: each subscription is an entry of its own.
    let isOn = true;
    const entry: UpdateListener = (update) => {
      if (isOn) listener(update);
    };
    for (const kind of wanted) this.set(kind, [...this.of(kind), entry]);
    return {
      end: () => {
        isOn = false;
        for (const kind of wanted)
          this.set(
            kind,
            this.of(kind).filter((each) => each !== entry),
          );
      },
    };
  }

  tell(update: MarketUpdate): void {
    for (const listener of this.of(update.kind)) listener(update);
  }

  private of(kind: Kind): readonly UpdateListener[] {
    return this.lists.get(kind) ?? NOBODY;
  }

  private set(kind: Kind, listeners: readonly UpdateListener[]): void {
    this.lists.set(kind, listeners);
    if (kind === 'trade' || kind === 'quote' || kind === 'book') this[kind] = listeners;
  }
}
