import { err, ok, type Result } from '@tradewind/core/result';
import type { CommittedEvent, JournalQuery, Ledger } from '@tradewind/proto';
import { writeBody } from '@tradewind/proto/ledger';
import { systemClock, utcText } from '@tradewind/utils';
import { Command } from 'commander';
import { complain, type ExitCode, tell } from './answers.ts';
import { type EnvironmentOptions, loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { decisionsNotToTrade, explanationOf } from './explain.ts';
import { readDuration } from './read-duration.ts';
import { readLedger } from './read-ledger.ts';
import { paintFor } from './table.ts';

interface ExplainOptions extends EnvironmentOptions {
  readonly json?: boolean;
}
interface WhyNotOptions extends ExplainOptions {
  readonly within: string;
}

/** The commands that say from the journal alone why something was done, or not. */
export const explainCommands = (): readonly Command[] => [
  withEnvironment(
    new Command('explain')
      .exitOverride()
      .argument('<order>', 'its client order id, or the number that the exchange gave it'),
  )
    .description(
      'Tells the way of one order: market event, signal, each check with its numbers, intent, answers, fills, postings.',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind explain 2gadx8qmhdns3-mwry4h4m-0\n  tradewind explain 4711 --json\n${exitCodeText()}`,
    )
    .action(async (order: string, options: ExplainOptions) => {
      process.exitCode = await onLedger(options, (ledger) => explain(ledger, order, options));
    }),
  withEnvironment(
    new Command('why-not')
      .exitOverride()
      .argument('<symbol>', 'like BTCUSDT')
      .argument('<time>', 'like 2026-01-05T12:00:00Z, or now'),
  )
    .description(
      'Tells the decisions not to trade a symbol around a time: bars without a signal, and signals that were refused.',
    )
    .option('--within <duration>', 'how far around the time', '5m')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind why-not BTCUSDT now\n  tradewind why-not ETHUSDT 2026-01-05T12:00:00Z --within 1h\n${exitCodeText()}`,
    )
    .action(async (symbol: string, time: string, options: WhyNotOptions) => {
      process.exitCode = await onLedger(options, (ledger) => whyNot(ledger, symbol, time, options));
    }),
];

async function onLedger(
  options: EnvironmentOptions,
  act: (ledger: Pick<Ledger, 'read'>) => Promise<ExitCode>,
): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const opened = await readLedger(environment.value);
  if (!opened.ok) return complain(opened.error, 4);
  try {
    return await act(opened.value.reader);
  } finally {
    await opened.value.close();
  }
}

async function explain(
  ledger: Pick<Ledger, 'read'>,
  order: string,
  { json }: ExplainOptions,
): Promise<ExitCode> {
  const named = await clientOrderIdOf(ledger, order);
  const [first] = await ledger.read({ afterSeq: 0, limit: 1, clientOrderId: named });
  if (first === undefined) return complain(`${order}: the journal has no such order`, 3);
  const events = await ledger.read({ afterSeq: 0, limit: PAGE, correlationId: first.correlationId });
  const ofOrder = await ledger.read({ afterSeq: 0, limit: PAGE, clientOrderId: named });
  const all = [...new Map([...events, ...ofOrder].map((event) => [event.seq, event])).values()].sort(
    (a, b) => a.seq - b.seq,
  );
  await tell(json === true, all.map(plain), explanationOf(all, paintFor(process.stdout.isTTY)));
  return 0;
}

/** A number is the exchange's: it is found where the order's record carries it. */
async function clientOrderIdOf(ledger: Pick<Ledger, 'read'>, order: string): Promise<string> {
  if (!/^\d+$/.test(order)) return order;
  let afterSeq = 0;
  for (;;) {
    const page = await ledger.read({ afterSeq, limit: PAGE, kinds: ['order'] });
    const found = page.find((event) => event.kind === 'order' && event.record.venueOrderId === Number(order));
    if (found?.kind === 'order') return found.record.clientOrderId;
    if (page.length < PAGE) return order;
    afterSeq = page.at(-1)!.seq;
  }
}

async function whyNot(
  ledger: Pick<Ledger, 'read'>,
  symbol: string,
  time: string,
  options: WhyNotOptions,
): Promise<ExitCode> {
  const range = rangeAround(time, options.within);
  if (!range.ok) return complain(range.error);
  const query: JournalQuery = {
    afterSeq: 0,
    limit: PAGE,
    symbol,
    kinds: ['evaluation', 'verdict'],
    ...range.value,
  };
  const events = await ledger.read(query);
  const lines = decisionsNotToTrade(events);
  await tell(
    options.json === true,
    events.map(plain),
    lines.length === 0 ? [`nobody judged ${symbol} then`] : lines,
  );
  return 0;
}

function rangeAround(
  time: string,
  within: string,
): Result<{ readonly fromMs: number; readonly toMs: number }, string> {
  const widthMs = readDuration(within);
  if (widthMs === undefined) return err(`--within ${within}: expected a duration like 5m`);
  const atMs = time === 'now' ? systemClock.nowMs() : Date.parse(time);
  if (!Number.isFinite(atMs)) return err(`${time}: expected a time like 2026-01-05T12:00:00Z, or now`);
  return ok({ fromMs: atMs - widthMs, toMs: atMs + widthMs });
}

/** As the journal stores it; `ledger show --json` also has what it was written under, and its hash. */
const plain = (event: CommittedEvent): object => {
  const { seq, id, correlationId, causeId, atMs, service } = event;
  return { seq, id, at: utcText(atMs), service, correlationId, causeId, ...JSON.parse(writeBody(event)) };
};

const PAGE = 10_000;
