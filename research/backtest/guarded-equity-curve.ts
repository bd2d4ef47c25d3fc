import { EquityCurve } from './equity-curve.ts';
import type { RiskGate } from './risk-gate.ts';

/** The equity curve of a run with risk limits: each mark is told to the gate, too. A run without limits pays nothing for it. */
export class GuardedEquityCurve extends EquityCurve {
  private readonly gate: RiskGate;

  constructor(gate: RiskGate, ...rest: ConstructorParameters<typeof EquityCurve>) {
    super(...rest);
    this.gate = gate;
  }

  override mark(timeMs: number, hasFills: boolean): void {
    super.mark(timeMs, hasFills);
    this.gate.mark(timeMs);
  }
}
