import type { Instrument } from '@tradewind/core/market';
import {
  type HostOptions,
  inputsOf,
  type ParameterSpecs,
  type ParameterValues,
  type StrategyDefinition,
  StrategyHost,
} from '@tradewind/core/strategy';
import { BarGate } from './bar-gate.ts';
import { LiveInputs } from './live-inputs.ts';
import type { HostingSettings, InputHistory, StrategySnapshot } from './messages.ts';
import { historyOf, holeBetween } from './past.ts';
import { type DeskClient, SignalDesk } from './signal-desk.ts';
import { SubAccount } from './sub-account.ts';
import { TrackedOrders } from './tracked-orders.ts';

/** What a hosted strategy sees and stands on: made anew whenever it is opened, and what a snapshot is taken of. */
export class HostedParts<Specs extends ParameterSpecs> {
  readonly inputs: LiveInputs;
  readonly gate: BarGate;
  readonly account: SubAccount;
  readonly orders = new TrackedOrders();
  readonly desk: SignalDesk;
  readonly host: StrategyHost<Specs>;

  constructor(
    definition: StrategyDefinition<Specs>,
    values: ParameterValues<Specs>,
    settings: HostingSettings,
    client: DeskClient,
  ) {
    const { symbols, interval, strategy, barsKept } = settings;
    const instruments: ReadonlyMap<string, Instrument> = new Map(
      settings.instruments.map((instrument) => [instrument.symbol, instrument]),
    );
    const inputs = new LiveInputs(inputsOf(definition, { symbols, interval }, values), instruments, barsKept);
    this.inputs = inputs;
    this.gate = new BarGate(inputs.bars.map((bars) => bars.interval.lengthMs));
    this.account = new SubAccount(strategy, instruments);
    this.desk = new SignalDesk(settings, this.orders, client);
    const options: HostOptions<Specs> = {
      definition,
      values,
      setup: { symbols, interval },
      instruments,
      portfolio: this.account.portfolio,
      desk: this.desk,
      priceOf: (symbol) => ({
        get lastPrice() {
          return inputs.lastPriceOf(symbol);
        },
      }),
    };
    this.host = new StrategyHost(options, inputs.views);
  }

  /** Undefined for a strategy that does not save its state. */
  snapshot(): StrategySnapshot | undefined {
    if (!this.host.canResume) return undefined;
    const inputs = this.inputs.bars.map(({ symbol, interval, latest, count }) => ({
      symbol,
      interval: interval.name,
      closeTimeMs: latest?.closeTimeMs ?? null,
      count,
    }));
    return { host: this.host.snapshot(), inputs };
  }

  /** Goes back to where the snapshot was taken. @returns why that is not possible */
  resume(snapshot: StrategySnapshot, history: readonly InputHistory[], nowMs: number): string | undefined {
    if (!this.host.canResume) return 'the strategy does not save its state';
    const hole = holeBetween(snapshot, this.inputs, history, nowMs);
    if (hole !== undefined) return hole;
    for (const [place, live] of this.inputs.bars.entries()) {
      const { closeTimeMs, count } = snapshot.inputs[place]!;
      if (closeTimeMs === null) continue;
      for (const bar of historyOf(history, live.symbol, live.interval.name).bars)
        if (bar.closeTimeMs <= closeTimeMs) this.inputs.append(place, bar);
      live.count = count;
      this.gate.pass(place, closeTimeMs);
    }
    try {
      this.host.resume(snapshot.host);
      return undefined;
    } catch (error) {
      return `its state does not fit: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** The chart lines that have a value. */
  lineValues(): Readonly<Record<string, number>> {
    const { lines } = this.host;
    if (lines.size === 0) return NO_VALUES;
    const values: Record<string, number> = {};
    for (const [name, { value }] of lines) if (Number.isFinite(value)) values[name] = value;
    return values;
  }
}

const NO_VALUES: Readonly<Record<string, number>> = {};
