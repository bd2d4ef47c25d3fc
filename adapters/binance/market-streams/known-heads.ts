import { type ByteValues, type Spelling, spellingOf } from './byte-values.ts';

/** The kinds of hot messages, as streams are named after the symbol, and how their events begin. */
const KINDS = [
  { kind: 'depth', streams: ['depth@100ms', 'depth'], event: '{"e":"depthUpdate",' },
  { kind: 'trade', streams: ['trade'], event: '{"e":"trade",' },
  { kind: 'aggTrade', streams: ['aggTrade'], event: '{"e":"aggTrade",' },
  { kind: 'quote', streams: ['bookTicker'], event: '{' },
] as const;

/** How a message of one stream begins: its envelope, and its event as far as that is always the same. */
export interface KnownHead {
  readonly kind: (typeof KINDS)[number]['kind'];
  /** The place of its symbol among the markets. */
  readonly marketIndex: number;
  readonly spelling: Spelling;
}

/**
 * The heads of the messages that are expected, so that they are compared four bytes at a time instead of being read. They are found
 * by the bytes in which names of streams differ.
 */
export class KnownHeads {
  /** Twice as many places as heads, or more: a place that is taken moves a head on to the next one. */
  private readonly table: (KnownHead | undefined)[];
  private readonly mask: number;

  /** @param symbols  upper case, as payloads spell them */
  constructor(symbols: readonly string[]) {
    const heads = symbols.flatMap((symbol, marketIndex) =>
      KINDS.flatMap(({ kind, streams, event }) =>
        streams.map((stream) => {
          const text = `${ENVELOPE}${symbol.toLowerCase()}@${stream}","data":${event}`;
          return { kind, marketIndex, spelling: spellingOf(text), text };
        }),
      ),
    );
    const size = 2 ** Math.ceil(Math.log2(2 * heads.length + 1));
    this.mask = size - 1;
    this.table = Array.from({ length: size }, () => undefined);
    for (const { text, ...head } of heads) {
      const view = new DataView(new TextEncoder().encode(text).buffer);
      let slot = this.slotOf(view);
      while (this.table[slot] !== undefined) slot = (slot + 1) & this.mask;
      this.table[slot] = head;
    }
  }

  /** The head with which the message begins; undefined when it is none of these. */
  find(values: ByteValues): KnownHead | undefined {
    let slot = this.slotOf(values.view);
    for (let head = this.table[slot]; head !== undefined; head = this.table[slot]) {
      if (values.spells(0, head.spelling)) return head;
      slot = (slot + 1) & this.mask;
    }
    return undefined;
  }

  private slotOf(view: DataView): number {
    const mixed =
      view.getInt32(NAME, true) ^ Math.imul(view.getInt32(NAME + 4, true), 3) ^ view.getInt32(NAME + 8, true);
    return (Math.imul(mixed, MULTIPLIER) >>> 16) & this.mask;
  }
}

const ENVELOPE = '{"stream":"';
/** Where the name of the stream begins. */
const NAME = ENVELOPE.length;
/** Spreads differences of single bits (Knuth, The Art of Computer Programming, volume 3, section 6.4). */
const MULTIPLIER = 0x9e3779b1;
