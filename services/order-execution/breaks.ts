import type { Instrument } from '@tradewind/core/market';
import { type Amount, formatAmount } from '@tradewind/core/money';
import type { BreakBody, TradingEvent } from '@tradewind/proto';
import type { EventMaker } from './event-maker.ts';

/** What the books say of an asset and what the venue says, where they differ. */
export interface Difference {
  readonly name: string;
  readonly asset: string;
  readonly ledger: Amount;
  readonly venue: Amount;
  readonly detail: string;
}

/** The open differences between books and venue; their assets are not traded (faults.md I5). */
export class Breaks {
  private readonly events: EventMaker;
  private readonly byName = new Map<string, BreakBody>();
  /** When each was compared last, epoch ms of the venue's clock. */
  private readonly comparedMs = new Map<string, number>();

  constructor(open: readonly BreakBody[], events: EventMaker) {
    this.events = events;
    for (const each of open) this.byName.set(each.name, each);
  }

  get all(): readonly BreakBody[] {
    return [...this.byName.values()];
  }

  of(name: string): BreakBody | undefined {
    return this.byName.get(name);
  }

  /** When it was compared last, epoch ms of the venue's clock; undefined when this session has not done so. */
  comparedAtMs(name: string): number | undefined {
    return this.comparedMs.get(name);
  }

  /** The asset of a symbol that has a break; undefined when both may be traded. */
  blocking({ baseAsset, quoteAsset }: Instrument): string | undefined {
    for (const { asset } of this.byName.values())
      if (asset === baseAsset || asset === quoteAsset) return asset;
    return undefined;
  }

  /**
   * Takes over what a comparison has found.
   * @param unsure  assets that could not be compared: their breaks stay as they are
   * @param atMs  when the venue had told its side, epoch ms of its clock
   * @returns what has changed, as events
   */
  found(
    differences: readonly Difference[],
    unsure: ReadonlySet<string>,
    atMs: number,
  ): readonly TradingEvent[] {
    for (const { name } of differences) this.comparedMs.set(name, atMs);
    const names = new Set(differences.map(({ name }) => name));
    const gone = this.all.filter(({ name, asset }) => !names.has(name) && !unsure.has(asset));
    const fresh = differences.filter((each) => {
      const known = this.byName.get(each.name);
      return known === undefined || known.ledger !== each.ledger || known.venue !== each.venue;
    });
    return [
      ...gone.flatMap((each) => this.close(each, 'the difference is gone')),
      ...fresh.flatMap((each) => this.open(each)),
    ];
  }

  close(known: BreakBody, why: string): readonly TradingEvent[] {
    this.byName.delete(known.name);
    this.comparedMs.delete(known.name);
    return [this.eventOf({ ...known, state: 'closed', detail: why })];
  }

  private open(difference: Difference): readonly TradingEvent[] {
    const body: BreakBody = { kind: 'break', state: 'opened', ...difference };
    this.byName.set(body.name, body);
    const { name, asset, ledger, venue, detail } = difference;
    const alert = this.events.alert(
      'critical',
      'break_opened',
      `${name}: the books say ${formatAmount(ledger)}, the exchange ${formatAmount(venue)}. ${asset} is not traded until the ` +
        'difference is gone, or a person explains it.',
      { name, asset, ledger: formatAmount(ledger), venue: formatAmount(venue), detail },
    );
    return [this.eventOf(body), alert];
  }

  private eventOf(body: BreakBody): TradingEvent {
    return this.events.make(body, { correlationId: `break ${body.name}` });
  }
}
