import { invariant } from '@tradewind/core/result';
import type { FaultPlan, Simulator } from '@tradewind/exchange-simulator';

export type ExchangeFault = FaultPlan['faults'][number];

/** What the exchange does wrong at present: several things at once, each of which begins and ends by itself. */
export class ExchangeFaults {
  /** By the kind of fault: how often one struck. */
  readonly struck = new Map<string, number>();
  private readonly simulator: Simulator;
  private readonly present = new Map<number, readonly ExchangeFault[]>();
  private begun = 0;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  /** @returns what ends them */
  begin(faults: readonly ExchangeFault[], seed: number): () => void {
    this.begun += 1;
    const id = this.begun;
    this.present.set(id, faults);
    this.install(seed);
    return () => {
      this.present.delete(id);
      this.install(seed);
    };
  }

  private install(seed: number): void {
    for (const { fault, struck } of this.simulator.faults.status())
      this.struck.set(fault, (this.struck.get(fault) ?? 0) + struck);
    const installed = this.simulator.faults.install({ seed, faults: [...this.present.values()].flat() });
    invariant(installed.ok, 'the faults fit this exchange');
  }
}
