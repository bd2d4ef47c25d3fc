import { type Balance, type Caller, calls } from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import { type Amount, add, formatAmount, isNegative, subtract, zero } from '@tradewind/core/money';
import { isInDoubt } from '@tradewind/core/orders';
import { Account, type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { ReconciliationResult } from '@tradewind/proto';
import type { Clock, Telemetry, Waits } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { Breaks, Difference } from './breaks.ts';
import type { Fills } from './fills.ts';
import type { Orders } from './orders.ts';

export interface ReconciliationParts {
  readonly clock: Clock;
  readonly serverClock: Pick<Clock, 'nowMs'>;
  readonly telemetry: Telemetry;
  readonly caller: Caller;
  readonly orders: Orders;
  readonly booking: Booking;
  readonly fills: Fills;
  readonly books: AccountBooks;
  readonly breaks: Breaks;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly waits: Waits;
  /** Whether nothing is on its way to the venue. */
  readonly isQuiet: () => boolean;
  /** Books what the venue's histories know of differences. @returns whether anything was booked */
  readonly explain: (differences: readonly Difference[]) => Promise<boolean>;
  readonly confirmAfterMs: number;
}

/** How often a comparison that trading has disturbed is begun again. */
const ATTEMPTS = 3;
/** One may be lost to the weather. */
const UNANSWERED_MAX = 2;

/**
 * Compares the books with the venue: per asset the sum of all sub-accounts must be free plus locked, to the last digit (faults.md I5).
 * A difference counts when it is seen twice while nothing moved (faults.md B7).
 */
export class Reconciliation {
  private readonly parts: ReconciliationParts;
  private underway: Promise<ReconciliationResult> | undefined;
  private agreedMs: number | undefined;
  /** Comparisons in a row in which the venue did not answer. */
  private unanswered = 0;
  private whyUnanswered = '';

  constructor(parts: ReconciliationParts) {
    this.parts = parts;
  }

  /** When nothing differed the last time, epoch ms. */
  get agreedAtMs(): number | undefined {
    return this.agreedMs;
  }

  /** Why nothing has been compared for too long, as with a key that was revoked (faults.md G4); undefined while the venue answers. */
  get trouble(): string | undefined {
    return this.unanswered >= UNANSWERED_MAX ? this.whyUnanswered : undefined;
  }

  /** Who asks while it is under way gets the same result. */
  compare(): Promise<ReconciliationResult> {
    this.underway ??= this.run().finally(() => {
      this.underway = undefined;
    });
    return this.underway;
  }

  private async run(): Promise<ReconciliationResult> {
    const { booking, breaks, clock, confirmAfterMs, waits } = this.parts;
    const missing = await this.findMissingFills();
    if (missing !== undefined) return this.notAnswered(missing);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const first = await this.look();
      if (typeof first === 'string') return this.notAnswered(first);
      this.unanswered = 0;
      const isSure =
        first !== undefined && (first.differences.length === 0 || (await this.isSeenAgain(first)));
      if (first !== undefined && isSure) {
        if (await this.parts.explain(first.differences)) continue;
        const events = breaks.found(first.differences, first.unsure, first.atMs);
        if (events.length > 0) booking.add(() => events);
        if (breaks.all.length === 0) this.agreedMs = clock.nowMs();
        return breaks.all.length === 0
          ? { kind: 'agreed', breaks: [], detail: detailOf(first.unsure) }
          : { kind: 'breaks', breaks: breaks.all, detail: detailOf(first.unsure) };
      }
      await waits.wait(confirmAfterMs);
    }
    return { kind: 'failed', breaks: breaks.all, detail: 'the account does not stand still' };
  }

  private notAnswered(detail: string): ReconciliationResult {
    this.unanswered += 1;
    this.whyUnanswered = detail;
    return { kind: 'failed', breaks: this.parts.breaks.all, detail };
  }

  /**
   * Executions that the venue told in figures and nobody told as fills: their trades are asked for by order.
   * @returns a text when the venue did not answer
   */
  async findMissingFills(): Promise<string | undefined> {
    const { booking, caller, fills, orders } = this.parts;
    await booking.settled();
    for (const order of orders.all) {
      const { symbol, clientOrderId, venueOrderId, executedQuantity } = order.record;
      if (venueOrderId === undefined || executedQuantity <= fills.bookedOf(clientOrderId)) continue;
      const trades = await caller.perform(calls.myTrades({ symbol, orderId: venueOrderId }, 'exit'));
      if (trades.kind !== 'done') return `the trades of order ${clientOrderId} could not be read`;
      orders.found(order, trades.value);
    }
    await booking.settled();
    return undefined;
  }

  /** @returns undefined when something moved meanwhile, a text when the venue did not answer */
  private async look(): Promise<Look | string | undefined> {
    const { booking, caller, isQuiet, serverClock } = this.parts;
    await booking.settled();
    const { version } = booking;
    if (!isQuiet()) return undefined;
    const account = await caller.perform(calls.account({ withZeroBalances: true }));
    if (account.kind !== 'done') return 'the balances could not be read';
    if (!isQuiet() || version !== booking.version) return undefined;
    const unsure = this.assetsInDoubt();
    const differences = this.differencesTo(account.value.balances, unsure);
    return { version, unsure, differences, atMs: serverClock.nowMs() };
  }

  private async isSeenAgain(first: Look): Promise<boolean> {
    const { confirmAfterMs, waits } = this.parts;
    await waits.wait(confirmAfterMs);
    const second = await this.look();
    return (
      second !== undefined &&
      typeof second !== 'string' &&
      second.version === first.version &&
      textOf(second.differences) === textOf(first.differences)
    );
  }

  private differencesTo(balances: readonly Balance[], unsure: ReadonlySet<string>): readonly Difference[] {
    const { books } = this.parts;
    const venue = new Map(balances.map(({ asset, free, locked }) => [asset, add(free, locked)]));
    const assets = new Set([...books.assets(), ...venue.keys()]);
    const differences: Difference[] = [];
    for (const asset of [...assets].sort()) {
      if (unsure.has(asset)) continue;
      const has = venue.get(asset) ?? zero<Amount>();
      const says = books.total(asset);
      if (has !== says) {
        const detail = `the exchange has ${formatAmount(subtract(has, says))} ${asset} more than the books`;
        differences.push({ name: `asset ${asset}`, asset, ledger: says, venue: has, detail });
      }
      const owned = books.subAccount(OWNER).asset(asset).balance(Account.free).toAmount();
      if (isNegative(owned)) differences.push(shortage(asset, subtract(says, owned), has));
    }
    return differences;
  }

  /** An order in doubt may have moved them. */
  private assetsInDoubt(): ReadonlySet<string> {
    const assets = new Set<string>();
    for (const { intent, record } of this.parts.orders.allOpen) {
      const instrument = this.parts.instruments.get(intent.symbol);
      if (!isInDoubt(record.state) || instrument === undefined) continue;
      assets.add(instrument.baseAsset).add(instrument.quoteAsset);
    }
    return assets;
  }
}

interface Look {
  readonly version: number;
  readonly unsure: ReadonlySet<string>;
  readonly differences: readonly Difference[];
  /** After the venue had answered, epoch ms of its clock. */
  readonly atMs: number;
}

/** The owner took coins that belong to strategies (faults.md B5). */
const shortage = (asset: string, ofStrategies: Amount, venue: Amount): Difference => ({
  name: `short ${asset}`,
  asset,
  ledger: ofStrategies,
  venue,
  detail: `strategies hold ${formatAmount(ofStrategies)} ${asset} in the books, and the account has only ${formatAmount(venue)}`,
});

const detailOf = (unsure: ReadonlySet<string>): string =>
  unsure.size === 0 ? '' : `not compared, because orders are in doubt: ${[...unsure].join(', ')}`;

const textOf = (differences: readonly Difference[]): string =>
  differences
    .map(({ name, ledger, venue }) => `${name} ${formatAmount(ledger)} ${formatAmount(venue)}`)
    .join('\n');
