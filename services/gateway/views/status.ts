import { formatAmount, formatPrice, type Price, subtract } from '@tradewind/core/money';
import { unreachable } from '@tradewind/core/result';
import type { Trip } from '@tradewind/core/risk';
import type {
  CommittedEvent,
  ExecutionState,
  LedgerOrder,
  LedgerState,
  MarketSnapshot,
  RiskState,
  StrategyStatus,
  TradingMode,
} from '@tradewind/proto';
import { utcText } from '@tradewind/utils';
import { type OrderView, orderView, type PositionView, positionViews, strategyMoney } from './books.ts';
import { describeEvent, describeScope } from './describe-event.ts';

/** Everything that a person wants to see at a glance. Decimals are texts; what is not known is null. */
export interface StatusView {
  readonly environment: string;
  readonly mode: TradingMode;
  readonly now: string;
  readonly started_at: string;
  readonly execution: {
    readonly state: string;
    readonly detail: string;
    readonly epoch: number | null;
    readonly open_orders: number;
    readonly in_doubt: number;
    readonly agreed_at: string | null;
    readonly breaks: readonly {
      readonly name: string;
      readonly ledger: string;
      readonly venue: string;
      readonly detail: string;
    }[];
  };
  readonly risk: {
    readonly state: string;
    readonly detail: string;
    readonly trips: readonly {
      readonly scope: string;
      readonly state: string;
      readonly cause: string;
      readonly since: string;
    }[];
    readonly limits: readonly {
      readonly name: string;
      readonly was: string;
      readonly limit: string;
      readonly unit: string;
      readonly share: number;
    }[];
  };
  readonly equity: {
    readonly asset: string;
    readonly now: string | null;
    readonly day_start: string | null;
    readonly today: string | null;
    readonly peak: string | null;
  };
  readonly markets: readonly {
    readonly symbol: string;
    readonly feed: string;
    readonly detail: string;
    readonly price: string | null;
    readonly age_ms: number | null;
  }[];
  readonly strategies: readonly {
    readonly strategy: string;
    readonly definition: string;
    readonly symbols: readonly string[];
    readonly interval: string;
    readonly state: string;
    readonly detail: string;
    readonly evaluations: number;
    readonly signals: number;
    readonly equity: string | null;
    readonly realized_today: string | null;
    readonly unrealized: string | null;
  }[];
  readonly positions: readonly PositionView[];
  readonly orders: readonly OrderView[];
  readonly events: readonly {
    readonly at: string;
    readonly service: string;
    readonly kind: string;
    readonly text: string;
  }[];
}

export interface StatusFacts {
  readonly environment: string;
  readonly mode: TradingMode;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly execution: ExecutionState;
  readonly risk: RiskState;
  readonly strategies: readonly StrategyStatus[];
  readonly markets: readonly MarketSnapshot[];
  readonly ledger: LedgerState;
  readonly orders: readonly LedgerOrder[];
  /** Newest first. */
  readonly events: readonly CommittedEvent[];
}

export function statusView(facts: StatusFacts): StatusView {
  const { execution, risk, ledger, markets } = facts;
  const marks = new Map<string, Price>();
  for (const { instrument, referencePrice } of markets) {
    if (referencePrice !== undefined) marks.set(instrument.symbol, referencePrice);
  }
  const money = (amount: Parameters<typeof formatAmount>[0] | undefined): string | null =>
    amount === undefined ? null : formatAmount(amount);
  const hasDay = risk.equity !== undefined && risk.dayStartEquity !== undefined;
  return {
    environment: facts.environment,
    mode: facts.mode,
    now: utcText(facts.nowMs),
    started_at: utcText(facts.startedAtMs),
    execution: {
      state: execution.state,
      detail: execution.detail,
      epoch: execution.epoch ?? null,
      open_orders: execution.openOrders,
      in_doubt: execution.inDoubt,
      agreed_at: execution.agreedAtMs === undefined ? null : utcText(execution.agreedAtMs),
      breaks: execution.breaks.map(({ name, ledger: ours, venue, detail }) => ({
        name,
        ledger: formatAmount(ours),
        venue: formatAmount(venue),
        detail,
      })),
    },
    risk: {
      state: risk.state,
      detail: risk.detail,
      trips: risk.breakers.trips.map((trip) => ({
        scope: describeScope(trip.scope),
        state: trip.state,
        cause: describeCause(trip),
        since: utcText(trip.atMs),
      })),
      limits: risk.uses,
    },
    equity: {
      asset: risk.equityAsset,
      now: money(risk.equity),
      day_start: money(risk.dayStartEquity),
      today: hasDay ? formatAmount(subtract(risk.equity, risk.dayStartEquity)) : null,
      peak: money(risk.peakEquity),
    },
    markets: markets.map(({ instrument, feed, referencePrice, referencePriceAgeMs }) => ({
      symbol: instrument.symbol,
      feed: feed.state,
      detail: feed.detail,
      price: referencePrice === undefined ? null : formatPrice(referencePrice),
      age_ms: referencePriceAgeMs === undefined ? null : Math.round(referencePriceAgeMs),
    })),
    strategies: facts.strategies.map((strategy) => {
      const { equity, realizedToday, unrealized } = strategyMoney(
        ledger,
        { strategy: strategy.strategy, asset: risk.equityAsset, nowMs: facts.nowMs },
        (symbol) => marks.get(symbol),
      );
      return {
        strategy: strategy.strategy,
        definition: strategy.definition,
        symbols: strategy.symbols,
        interval: strategy.interval,
        state: strategy.state,
        detail: strategy.detail,
        evaluations: strategy.evaluations,
        signals: strategy.signals,
        equity: money(equity),
        realized_today: money(realizedToday),
        unrealized: money(unrealized),
      };
    }),
    positions: positionViews(ledger, (symbol) => marks.get(symbol)),
    orders: facts.orders.map(orderView),
    events: facts.events.map((event) => ({
      at: utcText(event.atMs),
      service: event.service,
      kind: event.kind,
      text: describeEvent(event),
    })),
  };
}

function describeCause({ cause }: Trip): string {
  switch (cause.kind) {
    case 'person':
      return `${cause.by}: ${cause.why}`;
    case 'consecutive_losses':
      return `${cause.was} losses in a row; the limit is ${cause.maximum}`;
    case 'daily_loss':
      return `a daily loss of ${formatAmount(cause.was)}; the limit is ${formatAmount(cause.maximum)}`;
    case 'drawdown':
      return `a drawdown of ${formatAmount(cause.was)}; the limit is ${formatAmount(cause.maximum)}`;
    case 'guard':
      return `${cause.guard.replace('_', ' ')}: ${cause.detail}`;
    default:
      return unreachable(cause);
  }
}
