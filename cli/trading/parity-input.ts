import { join } from 'node:path';
import type { Instrument } from '@tradewind/core/market';
import { Interval } from '@tradewind/core/market';
import { type FillAssumptions, Slippage } from '@tradewind/core/matching/bars';
import { type Fraction, ratio, toFraction } from '@tradewind/core/money';
import { invariant, ok, type Result } from '@tradewind/core/result';
import { openSession, type RecordedSession } from '@tradewind/market-data';
import type { CommittedEvent } from '@tradewind/proto';
import { eventOf } from '@tradewind/proto/ledger';
import { PARITY_KINDS, type ParityInput, type ParityStrategy } from '@tradewind/research/parity';
import { systemClock } from '@tradewind/utils';
import { badInput, type Complaint } from '../complaint.ts';
import { type EnvironmentOptions, type LoadedEnvironment, loadEnvironment } from './environment.ts';
import { readLedger } from './read-ledger.ts';

/** A recorded session, by its folder or its name, and what the ledger has of its time. */
export async function readParityInput(
  session: string,
  options: EnvironmentOptions,
): Promise<Result<ParityInput, Complaint>> {
  const loaded = await loadEnvironment(options);
  if (!loaded.ok) return loaded;
  const environment = loaded.value;
  const named = /[/\\]/.test(session) ? session : join(environment.folder.sessions, session);
  const recorded = await openSession(named);
  if (!recorded.ok) return badInput(`${session}: ${recorded.error}`);
  const { startedAtMs, endedAtMs = systemClock.nowMs() } = recorded.value.manifest;
  const events = await eventsUntil(environment, endedAtMs);
  if (!events.ok) return events;
  return ok({
    session: { name: session, startedAtMs, endedAtMs, bars: await recorded.value.bars() },
    events: events.value,
    strategies: strategiesOf(environment),
    instruments: await instrumentsOf(recorded.value),
    assumptions: assumptionsOf(environment),
  });
}

async function eventsUntil(
  environment: LoadedEnvironment,
  endedAtMs: number,
): Promise<Result<readonly CommittedEvent[], Complaint>> {
  const opened = await readLedger(environment);
  if (!opened.ok) return badInput(opened.error);
  const events: CommittedEvent[] = [];
  try {
    for await (const entry of opened.value.reader.allEntries({
      afterSeq: 0,
      kinds: PARITY_KINDS,
      toMs: endedAtMs + 1,
    })) {
      const event = eventOf(entry);
      if (!event.ok)
        return badInput(`the ledger cannot be read at ${entry.seq}; tradewind ledger verify says more`);
      events.push(event.value);
    }
    return ok(events);
  } finally {
    await opened.value.close();
  }
}

const strategiesOf = ({ config, definitions }: LoadedEnvironment): readonly ParityStrategy[] =>
  Object.entries(config.strategies).map(([strategy, { definition, symbols, interval }]) => {
    const found = definitions.get(definition);
    const parsed = Interval.parse(interval);
    invariant(
      found !== undefined && parsed !== undefined,
      'a configuration has been checked before it is used',
    );
    return { strategy, definition: found, symbols, interval: parsed.name };
  });

/** As they were last told in the session. */
async function instrumentsOf(session: RecordedSession): Promise<ReadonlyMap<string, Instrument>> {
  const instruments = new Map<string, Instrument>();
  for await (const update of session.updates()) {
    if (update.kind === 'instrument') instruments.set(update.instrument.symbol, update.instrument);
  }
  return instruments;
}

/** The fees of the paper account, or the exchange's standard. How far a fill lies from the bar is what parity is to find out. */
const assumptionsOf = ({ config: { paper } }: LoadedEnvironment): FillAssumptions => ({
  fees: { maker: rateOf(paper?.maker_fee), taker: rateOf(paper?.taker_fee) },
  slippage: new Slippage(0, 1),
  limitFill: 'through',
});

const rateOf = (text = '0.001'): Fraction => {
  const fraction = toFraction(ratio(text));
  invariant(
    fraction !== undefined,
    'a fee rate of a checked configuration is a fraction of safe whole numbers',
  );
  return fraction;
};
