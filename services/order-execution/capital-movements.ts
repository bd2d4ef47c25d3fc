import { type BalanceUpdate, type Caller, type CapitalMovement, calls } from '@tradewind/binance';
import {
  type Amount,
  add,
  formatAmount,
  isNegative,
  negate,
  parseAmount,
  subtract,
  zero,
} from '@tradewind/core/money';
import { type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { TradingEvent } from '@tradewind/proto';
import { BOOKED_KEYS_MS } from '@tradewind/proto/ledger';
import { type Clock, forgetOldest, type Telemetry } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { Difference } from './breaks.ts';
import type { EventMaker } from './event-maker.ts';

export interface CapitalMovementParts {
  readonly booking: Booking;
  readonly books: AccountBooks;
  readonly events: EventMaker;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly serverClock: Pick<Clock, 'nowMs'>;
  readonly telemetry: Telemetry;
  /** Of movements that were booked before this start. */
  readonly bookedKeys: readonly string[];
  /** When the account's books were opened, by the venue's clock. */
  readonly openedAtMs: number;
}

const DAY_MS = 86_400_000;
/** The venue tells of 90 days at most. */
const LOOKED_BACK_MS = 89 * DAY_MS;
/** A deposit is entered when it is seen first, and may be credited so long after. */
const PENDING_MS = 7 * DAY_MS;
/** An event may come so late, or tell of what was entered with a time so far apart. */
const SAME_MS = 600_000;
/** What moved longer before a start may have been booked under a key that is not remembered any more: it explains nothing. */
const REMEMBERED_MS = BOOKED_KEYS_MS - SAME_MS;
/** A difference that the histories did not explain is looked up again after so long: they may lag. */
const AGAIN_MS = 600_000;
/** One that could not be read is asked again after so long, then after twice as long, up to the same: testnets have none at all. */
const FIRST_AGAIN_MS = 15_000;
/** Of one asset, so many of the newest rows are looked through. */
const ROWS_MAX = 200;
/** Movements remembered as booked from a history, and differences remembered as looked up. */
const REMEMBERED_MAX = 1_000;

/** What an event and a row of a history both tell of a movement. */
type Moved = Pick<CapitalMovement, 'asset' | 'delta' | 'timeMs'>;

/**
 * Deposits and withdrawals: capital of the owner's that comes in or goes out, and never profit (faults.md B4, B5). Events tell of them
 * while somebody listens; what moved meanwhile is found in the histories of the venue, under its own id. Each is booked once, whoever
 * told of it.
 */
export class CapitalMovements {
  private readonly parts: CapitalMovementParts;
  private readonly keys: Set<string>;
  /** What was booked a moment ago, and until when an event may still tell of it, elapsed ms. */
  private fromHistory: readonly { readonly row: Moved; readonly untilMs: number }[] = [];
  /** Rows of histories count from here on, epoch ms of the venue's clock. */
  private readonly sinceMs: number;
  /** By asset, epoch ms of the venue's clock: what moved it up to then is in the books, a person has explained the rest. */
  private readonly explainedMs = new Map<string, number>();
  /** By difference, when it was looked up, elapsed ms. */
  private readonly lookedUpMs = new Map<string, number>();
  /** How often in a row a history could not be read, and until when none is asked for that, elapsed ms. */
  private failures = 0;
  private restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CapitalMovementParts) {
    this.parts = parts;
    this.keys = new Set(parts.bookedKeys);
    for (const key of this.keys) {
      const [cause, asset, throughMs] = key.split(' ');
      if (cause === CORRECTION && asset !== undefined) this.explained(asset, Number(throughMs));
    }
    const { openedAtMs, serverClock } = parts;
    this.sinceMs = Math.max(openedAtMs - PENDING_MS, serverClock.nowMs() - REMEMBERED_MS);
  }

  /** An event of the user stream, which names no id. */
  told({ asset, delta, clearTimeMs }: BalanceUpdate): void {
    const cause = isNegative(delta) ? 'withdrawal' : 'deposit';
    const key = `${cause} ${asset} ${formatAmount(delta)} ${clearTimeMs}`;
    const moved = { asset, delta, timeMs: clearTimeMs };
    if (this.keys.has(key) || this.isExplained(moved)) return;
    const nowMs = this.parts.clock.elapsedMs();
    const known = this.fromHistory.find(({ row, untilMs }) => nowMs <= untilMs && isSame(row, moved));
    if (known === undefined) this.book(moved, key, 'told by the exchange');
    // Another event tells of another movement.
    else this.fromHistory = this.fromHistory.filter((each) => each !== known);
  }

  /**
   * Looks in the histories for what makes the books differ from the venue, and books what explains a difference to the last digit.
   * @returns whether anything was booked, here or while the histories were read, so that books and venue have to be compared again
   */
  async explain(differences: readonly Difference[]): Promise<boolean> {
    let hasBooked = false;
    for (const difference of differences) {
      if (!difference.name.startsWith('asset ') || !this.isToLookUp(difference)) continue;
      const missing = subtract(difference.venue, difference.ledger);
      const rows = await this.unbooked(difference.asset);
      await this.parts.booking.settled();
      const isOther = this.parts.books.total(difference.asset) !== difference.ledger;
      // It may have been the very event that was missing.
      if (isOther || rows === undefined) this.lookedUpMs.delete(textOf(difference));
      if (isOther) return true;
      if (rows === undefined) return hasBooked;
      const untilMs = this.parts.clock.elapsedMs() + SAME_MS;
      for (const row of runThatSums(rows, missing)) {
        this.fromHistory = [...this.fromHistory, { row, untilMs }].slice(-REMEMBERED_MAX);
        const name = `${row.kind} ${row.id}`;
        this.book(row, name, `${name} in the history of the exchange`);
        hasBooked = true;
      }
    }
    return hasBooked;
  }

  /** A person has explained what differed: whatever moved the asset up to then, epoch ms of the venue's clock, was part of it. */
  explained(asset: string, throughMs: number): void {
    this.explainedMs.set(asset, Math.max(throughMs, this.explainedMs.get(asset) ?? 0));
  }

  private isExplained({ asset, timeMs }: Moved): boolean {
    return timeMs <= (this.explainedMs.get(asset) ?? 0);
  }

  private isToLookUp(difference: Difference): boolean {
    const nowMs = this.parts.clock.elapsedMs();
    if (nowMs < this.restsUntilMs) return false;
    const text = textOf(difference);
    const beforeMs = this.lookedUpMs.get(text);
    if (beforeMs !== undefined && nowMs - beforeMs < AGAIN_MS) return false;
    this.lookedUpMs.set(text, nowMs);
    forgetOldest(this.lookedUpMs, REMEMBERED_MAX);
    return true;
  }

  /** What has moved an asset and is not in the books, oldest first; undefined where the venue does not tell. */
  private async unbooked(asset: string): Promise<readonly CapitalMovement[] | undefined> {
    const { caller, clock, openedAtMs, serverClock, telemetry } = this.parts;
    const startTimeMs = Math.max(this.sinceMs, serverClock.nowMs() - LOOKED_BACK_MS);
    const rows: CapitalMovement[] = [];
    for (const history of [calls.depositHistory, calls.withdrawalHistory]) {
      const told = await caller.perform(history({ asset, startTimeMs }));
      if (told.kind !== 'done') {
        telemetry.log.write('warn', 'capital_history_unavailable', { asset });
        this.restsUntilMs = clock.elapsedMs() + Math.min(FIRST_AGAIN_MS * 2 ** this.failures, AGAIN_MS);
        this.failures += 1;
        return undefined;
      }
      rows.push(...told.value);
    }
    this.failures = 0;
    const moved = rows
      .filter(({ kind, id, hasMoved }) => hasMoved && !this.keys.has(`${kind} ${id}`))
      .filter((row) => !this.isExplained(row))
      // A withdrawal moves when it is entered: the books were opened without what it took.
      .filter(({ delta, timeMs }) => !isNegative(delta) || timeMs >= openedAtMs)
      .sort((one, other) => one.timeMs - other.timeMs)
      .slice(-ROWS_MAX);
    return withoutThose(moved, [...this.keys].flatMap(toldIn));
  }

  private book(moved: Moved, key: string, how: string): void {
    const { booking, books, events } = this.parts;
    const { asset, delta } = moved;
    this.keys.add(key);
    booking.add((): readonly TradingEvent[] => {
      // A person may have explained it while it waited for its turn.
      if (this.isExplained(moved)) return [];
      const owner = books.subAccount(OWNER);
      const cause = isNegative(delta) ? 'withdrawal' : 'deposit';
      const postings = books.book(() =>
        isNegative(delta) ? owner.withdraw(asset, negate(delta)) : owner.deposit(asset, delta),
      );
      const detail = `${formatAmount(delta)} ${asset}, ${how}`;
      return [
        events.make({ kind: 'balance', cause, postings, detail, key }, { id: key, correlationId: key }),
      ];
    });
  }
}

/** What a correction is booked under: it says what it includes. */
export const correctionKey = (asset: string, throughMs: number): string =>
  `${CORRECTION} ${asset} ${throughMs}`;
const CORRECTION = 'correction';

const textOf = ({ name, ledger, venue }: Difference): string =>
  `${name} ${formatAmount(ledger)} ${formatAmount(venue)}`;

/** Whether a row of a history and an event may tell of one movement. */
function isSame(row: Moved, event: Moved): boolean {
  const laterMs = event.timeMs - row.timeMs;
  const longestMs = isNegative(row.delta) ? SAME_MS : PENDING_MS;
  const isInTime = laterMs >= -SAME_MS && laterMs <= longestMs;
  return isInTime && row.asset === event.asset && row.delta === event.delta;
}

const apartMs = (one: Moved, other: Moved): number => Math.abs(one.timeMs - other.timeMs);

/** What an event told, read off from the key that it was booked under; keys of histories are shorter. */
function toldIn(key: string): readonly Moved[] {
  const [cause, asset = '', delta = '', time] = key.split(' ');
  if ((cause !== 'deposit' && cause !== 'withdrawal') || time === undefined) return [];
  const parsed = parseAmount(asset, delta);
  return parsed.ok ? [{ asset, delta: parsed.value, timeMs: Number(time) }] : [];
}

/** Each event takes away the one row that it told of: that which is nearest in time. */
function withoutThose(rows: readonly CapitalMovement[], told: readonly Moved[]): readonly CapitalMovement[] {
  let left = rows;
  for (const moved of told) {
    const [nearest] = left
      .filter((row) => isSame(row, moved))
      .sort((one, other) => apartMs(one, moved) - apartMs(other, moved));
    left = left.filter((row) => row !== nearest);
  }
  return left;
}

/** What nobody listened to lies together: the newest rows in a row that make up the whole difference; none when there are none. */
function runThatSums(rows: readonly CapitalMovement[], missing: Amount): readonly CapitalMovement[] {
  for (let end = rows.length; end > 0; end -= 1) {
    let sum: Amount = zero();
    for (let begin = end - 1; begin >= 0; begin -= 1) {
      sum = add(sum, rows[begin]!.delta);
      if (sum === missing) return rows.slice(begin, end);
    }
  }
  return [];
}
