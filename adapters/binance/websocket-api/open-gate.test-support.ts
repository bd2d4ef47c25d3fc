import { err, ok, type Result } from '@tradewind/core/result';
import type { CallCost, HeldBack, LimitReport, Permit, Priority, RateGate } from '../limits/limits.ts';

/** A gate that lets everything through, or refuses everything, and notes what it is asked and told. */
export class OpenGate implements RateGate {
  refuses: HeldBack | undefined;
  /** Epoch ms. */
  silentUntil: number | undefined;
  readonly asked: { readonly cost: CallCost; readonly priority: Priority }[] = [];
  readonly reports: LimitReport[] = [];
  /** Permits given and neither settled nor abandoned. */
  outstanding = 0;
  abandoned = 0;

  acquire(cost: CallCost, priority: Priority): Promise<Result<Permit, HeldBack>> {
    this.asked.push({ cost, priority });
    if (this.refuses !== undefined) return Promise.resolve(err(this.refuses));
    this.outstanding += 1;
    let open = true;
    const close = (): boolean => {
      if (!open) return false;
      open = false;
      this.outstanding -= 1;
      return true;
    };
    return Promise.resolve(
      ok({
        settle: (report: LimitReport) => {
          if (close()) this.reports.push(report);
        },
        abandon: () => {
          if (close()) this.abandoned += 1;
        },
      }),
    );
  }

  observe(report: LimitReport): void {
    this.reports.push(report);
  }

  silentUntilMs(): number | undefined {
    return this.silentUntil;
  }
}
