import type { VenueFill } from '@tradewind/binance';
import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  add,
  notional,
  type Quantity,
  type QuoteAmount,
  settle,
  zero,
} from '@tradewind/core/money';
import type { Fee, Fill, Side } from '@tradewind/core/orders';
import { type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { CommittedEvent, LedgerOrder, TradingEvent } from '@tradewind/proto';
import { forgetOldest, type Telemetry } from '@tradewind/utils';
import type { EventMaker } from './event-maker.ts';
import { type FeeValueParts, FeeValues, guessAlert } from './fee-values.ts';

export interface FillParts extends FeeValueParts {
  readonly books: AccountBooks;
  readonly events: EventMaker;
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Of these the positions are in the books; what has been listed since comes in with the next session. */
  readonly symbols: ReadonlySet<string>;
  readonly telemetry: Telemetry;
}

/** Keys kept to tell a fill that comes again; far more than the user stream leaves unsettled. */
const KEYS_MAX = 100_000;
/** Orders whose sums are kept; more than can be open, and what is forgotten is only asked for once more. */
const SUMS_MAX = 20_000;

/** Books fills, each once: ours in the sub-account of their strategy, those of orders that we did not send in the owner's. */
export class Fills {
  private readonly parts: FillParts;
  private readonly feeValues: FeeValues;
  private readonly booked = new Set<string>();
  /** By client order id, our orders only: the sum of what is booked. */
  private readonly sums = new Map<string, Quantity>();

  constructor(parts: FillParts) {
    this.parts = parts;
    this.feeValues = new FeeValues(parts);
  }

  /** The ledger has it already. */
  alreadyBooked(key: string): void {
    this.booked.add(key);
    forgetOldest(this.booked, KEYS_MAX);
  }

  /** @param quantity  what the ledger has of the order in fills */
  restoreSum(clientOrderId: string, quantity: Quantity): void {
    this.sums.set(clientOrderId, quantity);
  }

  /** How much of an order is booked. */
  bookedOf(clientOrderId: string): Quantity {
    return this.sums.get(clientOrderId) ?? zero();
  }

  isBooked(fill: Parameters<typeof keyOfFill>[0]): boolean {
    return this.booked.has(keyOfFill(fill));
  }

  /** Each fill as an event, booked; those that have been booked before are left out. */
  async bookOwn(
    { intent, correlationId }: LedgerOrder,
    fills: readonly VenueFill[],
  ): Promise<TradingEvent[]> {
    const { books, events } = this.parts;
    const { clientOrderId, strategy, tag } = intent;
    const made: TradingEvent[] = [];
    for (const told of fills) {
      const known = this.take(told);
      if (known === undefined) continue;
      const { key, instrument, side, quoteAmount, fee } = known;
      const fill: Fill = { ...factsOf(told), clientOrderId, strategy, side, fee, tag };
      const valued = await this.feeValues.valueOf({ fee, instrument, quoteAmount });
      this.count(clientOrderId, told.quantity);
      const booked = books.bookFill({
        fill,
        quoteAmount,
        instrument,
        ...(valued === undefined ? {} : { feeValue: valued.value }),
      });
      if (valued?.isNewGuess === true)
        made.push(guessAlert({ fee, instrument }, valued.value, strategy, events, correlationId));
      made.push(
        events.make(
          {
            kind: 'fill',
            fill,
            venueOrderId: told.orderId,
            quoteAmount,
            quoteAsset: instrument.quoteAsset,
            ...booked,
          },
          { correlationId, id: eventIdOf(key) },
        ),
      );
    }
    return made;
  }

  /** Fills of orders that somebody else has sent change what the owner has; they are no strategy's profit (faults.md U10). */
  async bookExternal(clientOrderId: string, fills: readonly VenueFill[]): Promise<TradingEvent[]> {
    const { books, events } = this.parts;
    const made: TradingEvent[] = [];
    for (const told of fills) {
      const known = this.take(told);
      if (known === undefined) continue;
      const { key, instrument, side, quoteAmount, fee } = known;
      const fill: Fill = { ...factsOf(told), clientOrderId, strategy: OWNER, side, fee, tag: '' };
      const valued = await this.feeValues.valueOf({ fee, instrument, quoteAmount });
      const { postings, position } = books.bookFill({
        fill,
        quoteAmount,
        instrument,
        ...(valued === undefined ? {} : { feeValue: valued.value }),
      });
      const id = eventIdOf(key);
      made.push(
        events.make(
          {
            kind: 'balance',
            cause: 'external_fill',
            postings,
            position,
            key: id,
            detail: `trade ${told.tradeId} of order ${told.orderId}, which we did not send`,
          },
          { id, correlationId: id },
        ),
      );
    }
    return made;
  }

  private count(clientOrderId: string, quantity: Quantity): void {
    this.sums.set(clientOrderId, add(this.bookedOf(clientOrderId), quantity));
    forgetOldest(this.sums, SUMS_MAX);
  }

  private take(fill: VenueFill):
    | {
        readonly key: string;
        readonly instrument: Instrument;
        readonly side: Side;
        readonly quoteAmount: QuoteAmount;
        readonly fee: Fee;
      }
    | undefined {
    const key = keyOfFill(fill);
    if (this.booked.has(key)) return undefined;
    const { instruments, symbols, telemetry } = this.parts;
    const instrument = symbols.has(fill.symbol) ? instruments.get(fill.symbol) : undefined;
    if (instrument === undefined || typeof fill.side !== 'string') {
      // Its money is missing in the books then, and the comparison of balances names it as a break.
      telemetry.log.write('error', 'fill_not_bookable', { symbol: fill.symbol, key });
      return undefined;
    }
    this.alreadyBooked(key);
    return {
      key,
      instrument,
      side: fill.side,
      // The venue states it everywhere but in answers to placements; it cuts what lies below its eighth decimal.
      quoteAmount: fill.quoteAmount ?? settle(notional(fill.price, fill.quantity), 'receive'),
      fee: fill.fee ?? { asset: instrument.quoteAsset, amount: zero<Amount>() },
    };
  }
}

/** What names a fill for ever (faults.md I3). */
export const keyOfFill = ({
  symbol,
  tradeId,
  orderId,
}: Pick<VenueFill, 'symbol' | 'tradeId' | 'orderId'>): string => `${symbol} ${tradeId} ${orderId}`;

/** A trade as the ledger has it booked. */
export interface BookedTrade extends Pick<VenueFill, 'symbol' | 'tradeId' | 'orderId'> {
  /** When it was executed; of one that is not ours when it was booked. */
  readonly timeMs: number;
}

/** None for events that book no trade. */
export function tradeBookedIn(event: CommittedEvent): readonly BookedTrade[] {
  if (event.kind === 'fill') {
    const { fill, venueOrderId } = event;
    return [{ symbol: fill.symbol, tradeId: fill.tradeId, orderId: venueOrderId, timeMs: fill.timeMs }];
  }
  if (event.kind !== 'balance' || event.cause !== 'external_fill') return [];
  const [, symbol = '', tradeId, orderId] = event.id.split(' ');
  return [{ symbol, tradeId: Number(tradeId), orderId: Number(orderId), timeMs: event.atMs }];
}

/** Of the event that books it: so no trade is written twice, whoever sent its order. */
const eventIdOf = (key: string): string => `fill ${key}`;

const factsOf = ({ symbol, quantity, price, liquidity, tradeId, timeMs }: VenueFill) => ({
  symbol,
  quantity,
  price,
  liquidity,
  tradeId,
  timeMs,
});
