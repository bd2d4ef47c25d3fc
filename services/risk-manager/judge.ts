import { type Approved, type OrderIntent, type OrderListIntent, ordersOf } from '@tradewind/core/orders';
import { err, type Result } from '@tradewind/core/result';
import { CheckLog, type Refusal, type RiskDesk, type Wanted } from '@tradewind/core/risk';
import type { RiskState, SignalRefusal, Verdict } from '@tradewind/proto';
import type { Counter, Telemetry } from '@tradewind/utils';
import { CheckTexts } from './check-results.ts';
import type { Reservations } from './reservations.ts';
import { kindOf, type RunawayGuard } from './runaway.ts';
import type { Stops } from './stops.ts';
import type { ServiceRiskView } from './view.ts';

export interface JudgeParts {
  readonly telemetry: Telemetry;
  readonly desk: RiskDesk;
  readonly view: ServiceRiskView;
  readonly reservations: Reservations;
  readonly runaway: RunawayGuard;
  readonly stops: Pick<Stops, 'guard' | 'epoch'>;
  /** Whether the books are up to date: while they are not, no price is shown, and nothing that takes risk passes. */
  readonly readiness: () => Pick<RiskState, 'state' | 'detail'>;
}

/** Makes verdicts: checks and reserves in one step without a wait in between, so that no two orders see the same room (faults.md K1). */
export class Judge {
  private readonly parts: JudgeParts;
  private readonly texts = new CheckTexts();
  private readonly verdicts: Counter<'strategy' | 'symbol' | 'verdict' | 'reason'>;

  constructor(parts: JudgeParts) {
    this.parts = parts;
    this.verdicts = parts.telemetry.metrics.counter('risk_verdicts_total', 'Orders judged', [
      'strategy',
      'symbol',
      'verdict',
      'reason',
    ]);
  }

  verdictOn(wanted: Wanted, correlationId: string): Verdict {
    const { telemetry, reservations, runaway, readiness, stops } = this.parts;
    if (reservations.isWithdrawn(wanted)) return WITHDRAWN;
    reservations.valueAgain();
    // What this very verdict may stop outdates it.
    const { epoch } = stops;
    const { state, detail } = readiness();
    const [{ strategy, symbol }] = ordersOf(wanted);
    const kind = kindOf(wanted);
    const log = new CheckLog();
    const reviewed = this.review(wanted, strategy, kind, state !== 'ready', log);
    const reason = reviewed.ok ? '' : reviewed.error.reason;
    this.verdicts.add({ strategy, symbol, verdict: reviewed.ok ? 'approved' : 'refused', reason });
    this.stopRunaway(strategy, kind, reviewed.ok ? 'approved' : reason);
    const checks = this.texts.resultsOf(log.made);
    if (reviewed.ok) {
      reservations.approved(wanted);
      runaway.approved(strategy, kind);
      return { kind: 'approved', approved: reviewed.value, checks, epoch };
    }
    telemetry.log.write('warn', 'order_refused', { strategy, symbol, reason }, correlationId);
    // While the books are behind it is not the price that is missing.
    const isForState = state !== 'ready' && reason === 'missing_value';
    const refusal: SignalRefusal = isForState ? { reason: 'not_ready', state, detail } : reviewed.error;
    return { kind: 'refused', refusal, checks };
  }

  private review(
    wanted: Wanted,
    strategy: string,
    kind: string,
    isBlind: boolean,
    log: CheckLog,
  ): Result<Approved<OrderIntent> | Approved<OrderListIntent>, Refusal> {
    const { desk, view, runaway } = this.parts;
    const bound = runaway.boundPassed(strategy, kind);
    log.ended('repeat_throttle', bound === undefined);
    if (bound !== undefined) {
      return err({ reason: 'order_rate_exceeded', scope: { kind: 'strategy', name: strategy }, ...bound });
    }
    view.withholdsPrices = isBlind;
    const reviewed = 'kind' in wanted ? desk.reviewList(wanted, log) : desk.review(wanted, log);
    view.withholdsPrices = false;
    return reviewed;
  }

  private stopRunaway(strategy: string, kind: string, said: string): void {
    const bound = this.parts.runaway.judged(strategy, `${kind} ${said}`);
    if (bound === undefined) return;
    const detail = `more than ${bound.maximum} in ${bound.windowMs} ms verdicts of one kind: ${kind}`;
    this.parts.stops.guard('breaker', { kind: 'strategy', name: strategy }, 'runaway', detail);
  }
}

const WITHDRAWN: Verdict = {
  kind: 'refused',
  refusal: { reason: 'risk_unavailable', detail: 'it was withdrawn before its verdict' },
  checks: [],
};
