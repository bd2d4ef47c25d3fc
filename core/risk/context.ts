import type { ReservationBooks } from './books.ts';
import type { BreakerStates } from './breakers.ts';
import type { CheckLog } from './check-log.ts';
import type { RiskLimits } from './limits.ts';
import type { OrderTimes } from './order-times.ts';
import type { RiskView } from './view.ts';

/** What a check may look at beside the order itself. The checks read; only the desk writes. */
export interface RiskContext {
  readonly limits: RiskLimits;
  readonly view: RiskView;
  readonly books: ReservationBooks;
  readonly breakers: BreakerStates;
  /** undefined when the account has no rate limit. */
  readonly accountTimes: OrderTimes | undefined;
  /** By strategy; one that has no rate limit is absent. */
  readonly strategyTimes: ReadonlyMap<string, OrderTimes>;
  /** Where the numbers of the checks are wanted. */
  readonly log?: CheckLog;
}
