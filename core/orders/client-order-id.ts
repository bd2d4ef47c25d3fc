import { invariant } from '../result.ts';

/** What the venue takes as a client order id (binance-spot.md section 5.4). */
export const CLIENT_ORDER_ID = /^[a-zA-Z0-9_-]{1,36}$/;

/** Which order of a list an id names; `list` is the list itself. */
export type OrderLeg = 'list' | 'above' | 'below' | 'working' | 'pending' | 'pending_above' | 'pending_below';

/** What names an intent for ever. The same decision, made again after a restart, has the same name and so the same id. */
export interface IntentName {
  readonly strategy: string;
  readonly symbol: string;
  /** Epoch ms, a whole number. */
  readonly decidedAtMs: number;
  /** Counts the intents of this strategy and symbol decided at that instant; whole, from 0, below 36^9. */
  readonly sequence: number;
  /** Left out for an order that stands alone. */
  readonly leg?: OrderLeg;
}

/**
 * Makes client order ids out of intents: `<strategy and symbol, 13>-<ms in base 36>-<sequence in base 36><leg>`, at most 36
 * characters. No chance is involved, so a replay gives the same ids, and a resent intent gives the id it had.
 *
 * What varies without end (time, sequence, leg) is encoded, not hashed: two ids of one strategy and symbol are equal only
 * if the intents are. Names have no bounded length, so the pair of strategy and symbol is hashed to 64 bits; pairs are
 * few, and the first use of a pair checks that no other has its hash. A hash of everything would be as short, but its
 * uniqueness could never be checked.
 */
export class ClientOrderIds {
  private readonly prefixes = new Map<string, Map<string, string>>();
  private readonly pairs = new Map<string, string>();
  private readonly hash: (text: string) => bigint;
  /** The latest pair: most ids are made for the same one. */
  private lastStrategy = '';
  private lastSymbol = '';
  private lastPrefix = '';
  /** Its prefix with all but the last four digits of the latest time: those change every 28 minutes only. */
  private lastHead = '';
  private lastUpper = Number.NaN;

  /** @param hash  64 bits; replaced in tests only */
  constructor(hash: (text: string) => bigint = fnv1a64) {
    this.hash = hash;
  }

  idOf(intent: IntentName): string {
    const { decidedAtMs, sequence, leg } = intent;
    invariant(
      Number.isSafeInteger(decidedAtMs) && decidedAtMs >= 0,
      'a decision time is a whole number of ms from 0',
    );
    invariant(
      Number.isSafeInteger(sequence) && sequence >= 0 && sequence < SEQUENCE_LIMIT,
      'a sequence is whole and fits 9 base-36 digits',
    );
    const suffix = leg === undefined ? '' : LEG_LETTER[leg];
    const tail = sequence === 0 ? `-0${suffix}` : `-${sequence.toString(36)}${suffix}`;
    const prefix = this.prefixOf(intent.strategy, intent.symbol);
    if (decidedAtMs < SEVEN_DIGITS || decidedAtMs >= EIGHT_DIGITS)
      return `${prefix}-${decidedAtMs.toString(36)}${tail}`;
    // That is slow for large doubles, so the eight digits of any time from 1972 to 2059 come in pairs from a table.
    const upper = Math.floor(decidedAtMs / FOUR_DIGITS);
    if (upper !== this.lastUpper) {
      this.lastHead = `${prefix}-${fourDigits(upper)}`;
      this.lastUpper = upper;
    }
    return this.lastHead + (fourDigits(decidedAtMs - upper * FOUR_DIGITS) + tail);
  }

  private prefixOf(strategy: string, symbol: string): string {
    if (strategy === this.lastStrategy && symbol === this.lastSymbol) return this.lastPrefix;
    this.lastPrefix = this.findPrefix(strategy, symbol);
    this.lastStrategy = strategy;
    this.lastSymbol = symbol;
    this.lastUpper = Number.NaN;
    return this.lastPrefix;
  }

  private findPrefix(strategy: string, symbol: string): string {
    const known = this.prefixes.get(strategy)?.get(symbol);
    if (known !== undefined) return known;
    const pair = `${strategy.length}:${strategy}${symbol}`;
    const prefix = this.hash(pair).toString(36).padStart(PREFIX_LENGTH, '0');
    invariant(!this.pairs.has(prefix), 'no two pairs of strategy and symbol share a client order id prefix');
    this.pairs.set(prefix, pair);
    const ofStrategy = this.prefixes.get(strategy) ?? new Map<string, string>();
    this.prefixes.set(strategy, ofStrategy.set(symbol, prefix));
    return prefix;
  }
}

/** 64 bits in base 36. With 11 digits for the largest whole ms, 9 for the sequence, 2 dashes and a letter: 36. */
const PREFIX_LENGTH = 13;
const SEQUENCE_LIMIT = 36 ** 9;
const TWO_DIGITS = 36 ** 2;
const FOUR_DIGITS = 36 ** 4;
const SEVEN_DIGITS = 36 ** 7;
const EIGHT_DIGITS = 36 ** 8;
/** '00' to 'zz'. */
const PAIRS = Array.from({ length: TWO_DIGITS }, (_, i) => i.toString(36).padStart(2, '0'));
/** Upper case, which base 36 never prints, so that a leg's letter cannot be taken for a digit. */
const LEG_LETTER: { readonly [L in OrderLeg]: string } = {
  list: 'L',
  above: 'A',
  below: 'B',
  working: 'W',
  pending: 'P',
  pending_above: 'Q',
  pending_below: 'R',
};

/** In base 36; below 36^4. */
function fourDigits(value: number): string {
  const upper = Math.floor(value / TWO_DIGITS);
  return PAIRS[upper]! + PAIRS[value - upper * TWO_DIGITS]!;
}

/**
 * FNV-1a with 64 bits over the UTF-16 code units, which for ASCII is byte by byte as published.
 * Source: draft-eastlake-fnv, the FNV non-cryptographic hash algorithm.
 */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash;
}
