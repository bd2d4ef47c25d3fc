import { type Amount, add, formatAmount, isPositive, zero } from '@tradewind/core/money';
import type { StatusView } from '@tradewind/gateway';
import type { CommittedEvent, Ledger } from '@tradewind/proto';
import { durationOf, moneyText } from './for-people.ts';

const PAGE = 10_000;

/**
 * What happened between two events of the ledger, for the end of a run.
 * @param equity  as it was before the end; the ledger has it once a minute only
 */
export async function runSummary(
  ledger: Ledger,
  afterSeq: number,
  durationMs: number,
  equity: StatusView['equity'] | undefined,
): Promise<readonly string[]> {
  const { fills, orders, refused, signals, realized, events } = await countFrom(ledger, afterSeq);
  const { positions } = await ledger.load();
  const held = positions.filter(({ quantity }) => isPositive(quantity));
  return [
    `Ended in order after ${durationOf(durationMs)}.`,
    `  signals    ${signals}, of them ${refused} refused`,
    `  orders     ${orders}`,
    `  fills      ${fills}`,
    ...[...realized].map(
      ([asset, sum]) => `  realized   ${moneyText(formatAmount(sum))} ${asset}, after fees`,
    ),
    `  positions  ${held.length === 0 ? 'none' : held.map(({ strategy, symbol, quantity }) => `${strategy} ${formatAmount(quantity)} ${symbol}`).join(', ')}`,
    ...(equity?.now == null || equity.today === null
      ? []
      : [`  equity     ${moneyText(equity.now)} ${equity.asset}, today ${moneyText(equity.today)}`]),
    `  ledger     ${events} events written; tradewind ledger verify checks them`,
  ];
}

async function countFrom(ledger: Ledger, afterSeq: number) {
  const realized = new Map<string, Amount>();
  const counts = { fills: 0, orders: 0, refused: 0, signals: 0, events: 0 };
  let last = afterSeq;
  for (;;) {
    const page: readonly CommittedEvent[] = await ledger.read({ afterSeq: last, limit: PAGE });
    for (const event of page) {
      counts.events += 1;
      if (event.kind === 'signal') counts.signals += 1;
      else if (event.kind === 'verdict' && !event.isApproved) counts.refused += 1;
      else if (event.kind === 'intent') counts.orders += 1;
      else if (event.kind === 'fill') {
        counts.fills += 1;
        const sum: Amount = add(
          realized.get(event.quoteAsset) ?? zero<Amount>(),
          event.realizedPnl as Amount,
        );
        realized.set(event.quoteAsset, sum);
      }
    }
    last = page.at(-1)?.seq ?? last;
    if (page.length < PAGE) return { ...counts, realized };
  }
}
