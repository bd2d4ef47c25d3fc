import { ok, type Result } from '@tradewind/core/result';
import { HistoryPath } from '@tradewind/exchange-simulator';
import { describeProblem, loadBars } from '@tradewind/research/history';
import { badInput, type Complaint } from './complaint.ts';

/** The recorded prices of every symbol in kline files, to be followed at a speed from when the simulator starts. */
export async function readReplay({
  path,
  speed,
}: {
  readonly path: string;
  readonly speed: number;
}): Promise<Result<Map<string, HistoryPath>, Complaint>> {
  const loaded = await loadBars([path]);
  if (!loaded.ok) return badInput(`--replay ${describeProblem(loaded.error)}`);
  return ok(new Map(loaded.value.series.map(({ bars }) => [bars.symbol, new HistoryPath(bars, speed)])));
}
