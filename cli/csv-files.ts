import { formatAmount, formatPrice } from '@tradewind/core/money';
import type { BacktestOutcome, FillRecord, LineLog } from '@tradewind/research/backtest';
import { orderRecordOf } from '@tradewind/research/backtest';

type Cell = string | number | undefined;

const FILL_COLUMNS = [
  'time',
  'symbol',
  'side',
  'quantity',
  'price',
  'fee',
  'fee_asset',
  'liquidity',
  'tag',
] as const;

/** One line for each fill, the columns named like the fields of the result. */
export const fillsCsv = (fills: readonly FillRecord[]): string =>
  csv(
    FILL_COLUMNS,
    fills.map((fill) => FILL_COLUMNS.map((column) => fill[column])),
  );

const ORDER_COLUMNS = [
  ...(['time', 'client_order_id', 'symbol', 'side', 'type', 'quantity', 'quote_amount'] as const),
  ...(['price', 'stop_price', 'trailing_delta_bps', 'tag'] as const),
] as const;
const OUTCOME_COLUMNS = ['outcome', 'reason', 'ended', 'fill_quantity', 'fill_price'] as const;

/** One line for each order, in the order they were placed, with what became of it. */
export function ordersCsv(orders: NonNullable<BacktestOutcome['orders']>): string {
  const lines = Array.from(orders, ({ intent, outcome, reason, endedAtMs, fillQuantity, fillPrice }) => {
    const record = orderRecordOf(intent);
    return [
      ...ORDER_COLUMNS.map((column) => record[column]),
      outcome,
      reason,
      endedAtMs,
      fillQuantity && formatAmount(fillQuantity),
      fillPrice && formatPrice(fillPrice),
    ];
  });
  return csv([...ORDER_COLUMNS, ...OUTCOME_COLUMNS], lines);
}

/** Equity at the start and at the end of each UTC day, in quote: a statistic, not money. */
export const equityCsv = ({ dailyTimesMs, dailyEquity }: BacktestOutcome['curve']): string =>
  csv(
    ['time', 'equity'],
    dailyTimesMs.map((timeMs, day) => [timeMs, Number(dailyEquity[day]!.toPrecision(12))]),
  );

/**
 * The values of the strategy's chart lines, a column for each, at every instant at which bars closed; a hole is an empty
 * cell. In pieces, because a long run makes more text than one string can hold.
 */
export function* chartCsv(log: Pick<LineLog, 'names' | typeof Symbol.iterator>): Generator<string> {
  yield csv(['time', ...log.names], []);
  let piece: string[] = [];
  for (const { timeMs, values } of log) {
    const cells = values.map((value) => (Number.isNaN(value) ? '' : Number(value.toPrecision(12))));
    piece.push(`${timeMs},${cells.join()}\n`);
    if (piece.length < PIECE_LINES) continue;
    yield piece.join('');
    piece = [];
  }
  yield piece.join('');
}

const PIECE_LINES = 10_000;

/** As RFC 4180 has it, with line ends as on Unix. */
const csv = (header: readonly string[], lines: readonly (readonly Cell[])[]): string =>
  [header, ...lines].map((cells) => `${cells.map(cellText).join()}\n`).join('');

function cellText(cell: Cell): string {
  const text = String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
