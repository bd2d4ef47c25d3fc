import { formatAmount } from '@tradewind/core/money';
import { OWNER } from '@tradewind/core/portfolio';
import type { ValuationBody } from '@tradewind/proto';
import { throughSeqOf } from '@tradewind/risk-manager';
import type { MakeCheck } from './check.ts';

const DAY_MS = 86_400_000;

interface Began {
  readonly day: number;
  readonly equity: ValuationBody['dayStartEquity'];
  readonly seq: number;
}

/**
 * K2: what a day's loss is counted from stays the same all day, whatever is restarted. Only money that comes or goes moves it, and a fill of
 * the day before that is booked after midnight (K3). A valuation that was made before that was heard of says so, and a start knows it.
 */
export const dayBeginsOnce: MakeCheck = (_, fail) => {
  let began: Began | undefined;
  /** The last event that moved it. */
  let movedSeq = 0;
  /** By day, the last fill of it that was booked. */
  const lastFillSeq = new Map<number, number>();
  /** Whether a fill of a day before was booked that the valuation of this day did not know of. */
  const lacksFill = (through: number, today: number): boolean =>
    [...lastFillSeq].some(([day, seq]) => day < today && through < seq);
  const moved = (seq: number): void => {
    began = undefined;
    movedSeq = seq;
  };
  return {
    name: 'K2 a day begins once',
    committed(events) {
      for (const event of events) {
        if (event.kind === 'fill') {
          const day = Math.floor(event.fill.timeMs / DAY_MS);
          lastFillSeq.set(day, event.seq);
          if (day !== began?.day) moved(event.seq);
        } else if (event.kind === 'balance') {
          if (event.postings.some(({ subAccount }) => subAccount !== OWNER)) moved(event.seq);
        } else if (event.kind === 'valuation') {
          const through = throughSeqOf(event.id) ?? event.seq;
          if (through < movedSeq || lacksFill(through, Math.floor(event.atMs / DAY_MS))) continue;
          const now = { day: Math.floor(event.atMs / DAY_MS), equity: event.dayStartEquity, seq: event.seq };
          // Two instances may value the same midnight, the second without having heard of the first, which stands.
          if (began?.day === now.day && through < began.seq) continue;
          if (began?.day === now.day && began.equity !== now.equity)
            fail(
              `the day began with ${formatAmount(began.equity)}, and now it is said to have begun with ${formatAmount(now.equity)}`,
            );
          began = now;
        }
      }
    },
  };
};
