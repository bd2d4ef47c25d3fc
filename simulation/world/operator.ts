import { type BreakerScope, isSameScope } from '@tradewind/core/risk';
import type { HaltOrder, HaltResult } from '@tradewind/proto';
import type { TradingSystem } from '@tradewind/trading-system';

/** Sees what a person was told. */
export interface OperatorWitness {
  halted(order: HaltOrder, result: HaltResult): void;
  /** Asked for; from then on the scope may trade again. */
  resuming(scope: BreakerScope): void;
}

/** The person who runs the system: commands go to the process that runs, and answers may never come. */
export class Operator {
  private readonly system: () => TradingSystem | undefined;
  private readonly witness: OperatorWitness;
  private halts: readonly BreakerScope[] = [];

  constructor(system: () => TradingSystem | undefined, witness: OperatorWitness) {
    this.system = system;
    this.witness = witness;
  }

  /** @returns for the trace */
  halt(given: Pick<HaltOrder, 'scope' | 'state' | 'cancelsOrders'>): string {
    const order: HaltOrder = { ...given, by: 'operator', why: 'a look at something' };
    const text = JSON.stringify(given);
    const running = this.system();
    if (running === undefined) return `${text}, but nothing runs`;
    this.halts = [...this.halts, order.scope];
    void running.riskManager.halt(order).then((result) => {
      // It may have been let go before the answer came.
      if (this.halts.includes(order.scope)) this.witness.halted(order, result);
    });
    return text;
  }

  /** The oldest halt is taken off, with all others of its scope. */
  resume(): string {
    const running = this.system();
    const [scope] = this.halts;
    if (scope === undefined || running === undefined) return 'nothing is halted, or nothing runs';
    this.halts = this.halts.filter((each) => !isSameScope(each, scope));
    this.witness.resuming(scope);
    void running.riskManager.resume({ scope, by: 'operator', why: 'it was nothing' });
    return JSON.stringify(scope);
  }

  parameters(strategy: string, parameters: Readonly<Record<string, string>>): string {
    const command = { strategy, parameters, by: 'operator', why: 'another idea' };
    void this.system()?.strategyEngine.updateParameters(command);
    return `${strategy} ${JSON.stringify(parameters)}`;
  }
}
