import { ordersOf } from '@tradewind/core/orders';
import type { RiskDesk, Wanted } from '@tradewind/core/risk';
import type { CommittedEvent, Ledger } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import { kindOf, type RunawayGuard } from './runaway.ts';
import type { RiskManagerSettings } from './settings.ts';

const PAGE = 200;

/** An order or list whose intent was written, and when, epoch ms. */
export interface WrittenWish {
  readonly wanted: Wanted;
  readonly atMs: number;
}

export interface RecentOrdersParts {
  readonly clock: Clock;
  readonly desk: RiskDesk;
  readonly runaway: RunawayGuard;
  readonly settings: Pick<RiskManagerSettings, 'limits' | 'repeats'>;
}

/**
 * The windows of order rates and of repetitions, filled with what this run has not approved itself: a restart, or another instance
 * that takes over, gives no new allowance (faults.md K2, K10, R4).
 */
export class RecentOrders {
  private readonly parts: RecentOrdersParts;

  constructor(parts: RecentOrdersParts) {
    this.parts = parts;
  }

  /** The wishes of the longest window that ends now, the oldest first. Rejects when the ledger does. */
  async read(ledger: Pick<Ledger, 'read'>, throughSeq: number): Promise<readonly WrittenWish[]> {
    const { clock, settings } = this.parts;
    const sinceMs = clock.nowMs() - longestWindowMs(settings);
    const found: WrittenWish[] = [];
    // From the newest back, so that no more is read than the window holds.
    for (let before = throughSeq + 1; ; ) {
      const page = await ledger.read({ afterSeq: before, limit: PAGE, kinds: ['intent'], isReversed: true });
      const inside = page.filter(({ atMs }) => atMs > sinceMs);
      found.push(...inside.flatMap(wishOf));
      if (inside.length < PAGE) return found.reverse();
      before = page.at(-1)!.seq;
    }
  }

  count({ wanted, atMs }: WrittenWish): void {
    const { clock, desk, runaway } = this.parts;
    const orders = ordersOf(wanted);
    const [{ strategy }] = orders;
    desk.approvedElsewhere({ strategy, orders: orders.length, atMs });
    runaway.approved(strategy, kindOf(wanted), clock.elapsedMs() - (clock.nowMs() - atMs));
  }
}

function longestWindowMs({ limits, repeats }: RecentOrdersParts['settings']): number {
  const rates = [limits.account, ...limits.strategies.values()].map(({ orderRate }) => orderRate);
  return Math.max(...[...rates, repeats].map((bound) => (bound === 'none' ? 0 : bound.windowMs)));
}

const wishOf = (event: CommittedEvent): readonly WrittenWish[] =>
  event.kind === 'intent' ? [{ wanted: event.wanted, atMs: event.atMs }] : [];
