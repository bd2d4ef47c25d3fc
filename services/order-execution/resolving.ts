import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  formatAmount,
  isNegative,
  isPositive,
  minimum,
  negate,
  subtract,
  Tally,
} from '@tradewind/core/money';
import { type AccountBooks, OWNER, Position } from '@tradewind/core/portfolio';
import type {
  BalanceBody,
  BreakBody,
  CommandResult,
  ResolveBreakCommand,
  TradingEvent,
} from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { Breaks } from './breaks.ts';
import { correctionKey } from './capital-movements.ts';
import type { EventMaker } from './event-maker.ts';

export interface ResolvingParts {
  readonly books: AccountBooks;
  readonly booking: Booking;
  readonly breaks: Breaks;
  readonly events: EventMaker;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly serverClock: Pick<Clock, 'nowMs'>;
  /** All that moved an asset up to then, epoch ms of the venue's clock, is in the books now. */
  readonly explained: (asset: string, throughMs: number) => void;
}

/** Books a difference that a person has explained, and closes its break (faults.md I5, B5). */
export class Resolving {
  private readonly parts: ResolvingParts;

  constructor(parts: ResolvingParts) {
    this.parts = parts;
  }

  async resolve(command: ResolveBreakCommand): Promise<CommandResult> {
    const { booking, breaks } = this.parts;
    let answer: CommandResult = {
      kind: 'unknown',
      detail: 'it was interrupted: look whether the break is open',
    };
    // Looked for when it is this one's turn: another may have explained it, or a comparison found it gone.
    booking.add(() => {
      const known = breaks.of(command.name);
      if (known === undefined) {
        const detail = `there is no open break '${command.name}'`;
        answer = { kind: 'refused', reason: 'break_unknown', detail };
        return [];
      }
      if (known.name.startsWith('asset ') && this.parts.books.total(known.asset) !== known.ledger) {
        // What has been booked since may be the very thing that was missing: its difference is not the one that the person saw.
        const detail = `the books of ${known.asset} have changed since it was found; wait for the next comparison`;
        answer = { kind: 'refused', reason: 'break_changed', detail };
        return [];
      }
      answer = { kind: 'done' };
      return [
        ...(known.name.startsWith('short ')
          ? this.takeFromStrategies(known, command)
          : [this.correct(known, command)]),
        ...breaks.close(known, `${command.by}: ${command.why}`),
      ];
    });
    await booking.settled();
    return answer;
  }

  /** What the venue has more, or less, becomes the owner's; what else tells of it later tells of the same. */
  private correct({ name, asset, ledger, venue }: BreakBody, command: ResolveBreakCommand): TradingEvent {
    const { books, breaks, explained, serverClock } = this.parts;
    const throughMs = breaks.comparedAtMs(name) ?? serverClock.nowMs();
    explained(asset, throughMs);
    const more = subtract(venue, ledger);
    const owner = books.subAccount(OWNER);
    const postings = books.book(() =>
      isNegative(more) ? owner.withdraw(asset, negate(more)) : owner.deposit(asset, more),
    );
    const key = correctionKey(asset, throughMs);
    return this.correction({ postings, key }, `${formatAmount(more)} ${asset}`, command);
  }

  /** The owner has taken what strategies held: those that hold the most give it up, without profit or loss. */
  private takeFromStrategies({ asset }: BreakBody, command: ResolveBreakCommand): readonly TradingEvent[] {
    const { books } = this.parts;
    const totalOf = (name: string): Amount => books.subAccount(name).asset(asset).total();
    const strategies = books.subAccounts
      .filter((name) => name !== OWNER)
      .sort((one, other) => (totalOf(one) < totalOf(other) ? 1 : -1));
    const events: TradingEvent[] = [];
    for (const strategy of strategies) {
      const taken = minimum(negate(totalOf(OWNER)), totalOf(strategy));
      if (!isPositive(taken)) continue;
      const postings = books.book(() => {
        books.subAccount(strategy).withdraw(asset, taken);
        books.subAccount(OWNER).deposit(asset, taken);
      });
      const instrument = [...this.parts.instruments.values()].find(({ baseAsset }) => baseAsset === asset);
      if (instrument !== undefined) this.shrink(strategy, instrument, taken);
      const detail = `${formatAmount(taken)} ${asset} taken from ${strategy}`;
      const position = instrument && books.position(strategy, instrument);
      events.push(this.correction({ postings, ...(position && { position }) }, detail, command));
    }
    return events;
  }

  /** Takes a quantity out of the position at what it cost. */
  private shrink(strategy: string, instrument: Instrument, taken: Amount): void {
    const { books } = this.parts;
    const before = books.position(strategy, instrument);
    const quantity = Tally.of(minimum<'base', 8>(taken as never, before.quantity));
    const trial = new Position();
    trial.restore(before);
    trial.writeOff(quantity);
    const cost = Tally.of(subtract<string, 8>(before.cost, trial.cost.toAmount()));
    books.subAccount(strategy).market(instrument).position.sell(quantity, cost);
  }

  private correction(
    booked: Pick<BalanceBody, 'postings' | 'position' | 'key'>,
    detail: string,
    { by, why, correlationId }: ResolveBreakCommand,
  ): TradingEvent {
    return this.parts.events.make(
      { kind: 'balance', cause: 'correction', ...booked, detail: `${detail}; ${by}: ${why}` },
      { correlationId },
    );
  }
}
