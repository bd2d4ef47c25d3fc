import type { Instrument } from '@tradewind/core/market';
import { stepOf } from '@tradewind/core/market';
import { isPositive, minimum, type Quantity, toMultiple } from '@tradewind/core/money';
import { type AccountBooks, OWNER } from '@tradewind/core/portfolio';
import type { FlattenResult, ScopedCommand, SubmitResult } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import type { CanceledScopes } from './canceled-scopes.ts';
import type { EventMaker } from './event-maker.ts';
import { isAlive, type OrderPath } from './order-path.ts';

export interface FlatteningParts {
  readonly clock: Clock;
  readonly books: AccountBooks;
  /** Asks for fills of which only figures are known; resolves when what is known is booked. */
  readonly completeFills: () => Promise<unknown>;
  /** Resolves when the risk manager has heard of what has ended by now and holds nothing back for it any more, or after a while. */
  readonly heard: () => Promise<unknown>;
  readonly canceled: CanceledScopes;
  readonly path: OrderPath;
  readonly events: EventMaker;
  readonly instruments: ReadonlyMap<string, Instrument>;
}

export interface Holding {
  readonly strategy: string;
  readonly instrument: Instrument;
  readonly quantity: Quantity;
}

/** How long an order that gets out of a position is worth sending. */
const EXIT_EXPIRES_MS = 5_000;

/** Gets strategies out of the market. The owner's coins are never sold (faults.md B6). */
export class Flattening {
  private readonly parts: FlatteningParts;

  constructor(parts: FlatteningParts) {
    this.parts = parts;
  }

  /** At market, all that strategies hold in a scope; what is canceled for it has been canceled before. */
  async sellAll(command: ScopedCommand): Promise<Pick<FlattenResult, 'orders' | 'kept'>> {
    await this.parts.completeFills();
    const sold: string[] = [];
    const kept: FlattenResult['kept'][number][] = [];
    for (const holding of this.holdings(command)) {
      const result = await this.sell(holding, 'flatten', command.correlationId);
      if (typeof result !== 'string' && result.kind === 'submitted' && isAlive(result))
        sold.push(result.clientOrderId);
      else {
        const { strategy, instrument } = holding;
        const quantity = this.heldOf(holding);
        // Something else may have sold it meanwhile.
        if (!isPositive(quantity)) continue;
        kept.push({
          strategy,
          symbol: instrument.symbol,
          quantity,
          why: typeof result === 'string' ? result : whyOf(result),
        });
      }
    }
    return { orders: sold, kept };
  }

  /** Sells at market what is still held of it, as far as a lot step allows. @returns 'dust' when that is nothing */
  async sell(holding: Holding, tag: string, correlationId: string): Promise<SubmitResult | 'dust'> {
    const { canceled, clock, events, heard, path } = this.parts;
    const { strategy, instrument, quantity } = holding;
    const { symbol } = instrument;
    const begun = canceled.moment;
    await heard();
    const left = minimum(quantity, this.heldOf(holding));
    const whole = toMultiple(left, stepOf(instrument), 'floor');
    if (!isPositive(whole)) return 'dust';
    const decidedAtMs = clock.nowMs();
    const clientOrderId = events.nextName('f');
    return path.submit(
      {
        action: 'order',
        strategy,
        symbol,
        decidedAtMs,
        expiresAtMs: decidedAtMs + EXIT_EXPIRES_MS,
        intent: {
          clientOrderId,
          strategy,
          symbol,
          side: 'SELL',
          terms: { type: 'MARKET', quantity: whole },
          tag,
          decidedAtMs,
        },
      },
      correlationId,
      { begun },
    );
  }

  private heldOf({ strategy, instrument }: Holding): Quantity {
    return this.parts.books.position(strategy, instrument).quantity;
  }

  private holdings(command: ScopedCommand): readonly Holding[] {
    const { books, instruments } = this.parts;
    const strategies = books.subAccounts.filter(
      (name) => name !== OWNER && (command.strategy ?? name) === name,
    );
    return strategies.flatMap((strategy) =>
      [...instruments.values()]
        .filter(({ symbol }) => (command.symbol ?? symbol) === symbol)
        .map((instrument) => ({
          strategy,
          instrument,
          quantity: books.position(strategy, instrument).quantity,
        }))
        .filter(({ quantity }) => isPositive(quantity)),
    );
  }
}

function whyOf(result: SubmitResult): string {
  return result.kind === 'refused' ? result.refusal.reason : result.state;
}
