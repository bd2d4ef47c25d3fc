import type { IntervalName } from '@tradewind/core/market';
import type { Amount, Price, QuoteAmount } from '@tradewind/core/money';
import type { Fill, OrderEventKind, OrderIntent, OrderListIntent, OrderRecord } from '@tradewind/core/orders';
import type { PositionState, Posting } from '@tradewind/core/portfolio';
import type { BreakerScope, BreakerStates, EquityAmount, Refusal } from '@tradewind/core/risk';
import type { SavedState } from '@tradewind/core/strategy';

/** Who wrote an event; 'cli' where a person's command had to do without the services. */
export type ServiceName =
  | 'market-data'
  | 'strategy-engine'
  | 'risk-manager'
  | 'order-execution'
  | 'gateway'
  | 'cli';

/** What every event of the journal and of the bus begins with. */
export interface EventHead {
  /** Unique for ever: writing, publishing or hearing an event twice is the same as once. */
  readonly id: string;
  /** The market event, timer or command that all of it goes back to; the same on everything that it led to. */
  readonly correlationId: string;
  /** The event that directly led to this one. */
  readonly causeId?: string;
  /** Epoch ms, UTC. */
  readonly atMs: number;
  readonly service: ServiceName;
}

/**
 * Everything that is recorded, and told between the services: one closed union, so that the journal, the bus and whoever
 * reads them cannot disagree on what there is. An event carries the state after it, where there is one; so every
 * projection is made from events alone and can be made again.
 */
export type TradingEvent = EventHead & EventBody;
export type EventBody =
  | EvaluationBody
  | SignalBody
  | VerdictBody
  | IntentBody
  | OrderBody
  | AnswerBody
  | FillBody
  | BalanceBody
  | ControlBody
  | ValuationBody
  | BreakBody
  | StrategyBody
  | ConfigurationBody
  | LeaderBody
  | AlertBody;
export type EventKind = EventBody['kind'];

/** An event that the ledger has: `seq` rises by one from event to event, without holes. */
export type CommittedEvent = TradingEvent & { readonly seq: number };

/** A strategy has judged a closed bar. With no signals it is a decision not to trade; `values` are its chart lines then. */
export interface EvaluationBody {
  readonly kind: 'evaluation';
  readonly strategy: string;
  readonly symbol: string;
  readonly interval: IntervalName;
  readonly closeTimeMs: number;
  readonly isWarm: boolean;
  readonly signals: number;
  /** For people: numbers of indicators, no money. */
  readonly values: Readonly<Record<string, number>>;
}

/** A strategy wants something. */
export interface SignalBody {
  readonly kind: 'signal';
  readonly signal: Signal;
}
/** What a strategy wants done, and until when it is worth doing (faults.md X3). */
export type Signal = {
  readonly strategy: string;
  readonly symbol: string;
  readonly decidedAtMs: number;
  /** From then on it must not be sent any more, epoch ms. */
  readonly expiresAtMs: number;
} & (
  | { readonly action: 'order'; readonly intent: OrderIntent }
  | { readonly action: 'list'; readonly list: OrderListIntent }
  /** By the client order id of an order, or of a list. */
  | { readonly action: 'cancel'; readonly clientOrderId: string }
);

/** What the risk manager said, with the numbers of each check. */
export interface VerdictBody {
  readonly kind: 'verdict';
  readonly strategy: string;
  readonly symbol: string;
  /** Of the order; of a list, its list id. */
  readonly clientOrderId: string;
  readonly isApproved: boolean;
  readonly checks: readonly CheckResult[];
  /** Of a refusal: why, with its numbers. The services' own reasons (expired, not ready) are here, too. */
  readonly refusal?: SignalRefusal;
}
/** One check as it was made: decimals as text, so that a record needs no type to be read. */
export interface CheckResult {
  /** The name of the check: 'order_notional', 'daily_loss'. */
  readonly check: string;
  readonly isPassed: boolean;
  /** What was measured; left out where the check measures nothing. */
  readonly was?: string;
  /** What it was held against; 'none' where the limits say so. */
  readonly limit?: string;
  /** The asset or unit of both: 'USDT', 'BTC', 'orders', 'ms'. */
  readonly unit?: string;
}
/** Why a signal led to no order. */
export type SignalRefusal =
  | Refusal
  | { readonly reason: 'signal_expired'; readonly expiresAtMs: number; readonly nowMs: number }
  | { readonly reason: 'not_ready'; readonly state: string; readonly detail: string }
  | { readonly reason: 'not_leader'; readonly epoch: number }
  | { readonly reason: 'asset_has_break'; readonly asset: string }
  | { readonly reason: 'reject_budget_spent'; readonly maximum: number; readonly windowMs: number }
  | { readonly reason: 'ledger_unavailable'; readonly detail: string }
  | { readonly reason: 'risk_unavailable'; readonly detail: string }
  | { readonly reason: 'order_unknown'; readonly clientOrderId: string }
  /** Something was stopped or let on after it was approved, or another run of the risk manager judges now. */
  | { readonly reason: 'approval_outdated'; readonly detail: string }
  /** A command has canceled it, or everything of its strategy and symbol, since it was begun. */
  | { readonly reason: 'canceled_by_command' }
  | { readonly reason: 'queue_full'; readonly maximum: number }
  | { readonly reason: 'not_warm' };

/** The wish to place one order or list, recorded before its first byte leaves (faults.md I1). Its ids are unique for ever. */
export interface IntentBody {
  readonly kind: 'intent';
  readonly wanted: OrderIntent | OrderListIntent;
  readonly expiresAtMs: number;
  /** Of the leader that wrote it; an older one is refused where it is inserted (faults.md I9, X4). */
  readonly epoch: number;
}

/** An order has changed: what happened, and all that is known after it. */
export interface OrderBody {
  readonly kind: 'order';
  readonly strategy: string;
  readonly event: OrderEventKind;
  readonly record: OrderRecord;
  /** False for orders that we did not send: they are the owner's (faults.md U10). */
  readonly isOurs: boolean;
  /** The venue's word for why, where it gave one. */
  readonly reason?: string;
  /** A person's command cancels it: a position that it protected stays without protection on purpose (faults.md O14). */
  readonly isGivenUp?: boolean;
}

/** What the exchange answered to a call about an order. */
export interface AnswerBody {
  readonly kind: 'answer';
  readonly call:
    | 'place'
    | 'place_list'
    | 'cancel'
    | 'cancel_list'
    | 'cancel_all'
    | 'cancel_replace'
    | 'amend'
    | 'query';
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly outcome: 'done' | 'failed' | 'unknown';
  /** The exchange's code and words, or the cause; none of it a secret. */
  readonly code?: number;
  readonly detail?: string;
  /** From the request's last byte out to the answer's last byte in, ms. */
  readonly latencyMs: number;
}

/** One of our fills, booked (faults.md I3). Its key is symbol, trade id and venue order id. */
export interface FillBody {
  readonly kind: 'fill';
  readonly fill: Fill;
  readonly venueOrderId: number;
  /** What was paid or received before fees, as the exchange says it. */
  readonly quoteAmount: QuoteAmount;
  readonly postings: readonly Posting[];
  readonly position: PositionState;
  /** Where the fee was paid out of another position of the strategy (BNB that it trades, too): that one after it. */
  readonly feePosition?: PositionState;
  /** Profit of this fill after fees, in the quote asset; zero for what opens a position. */
  readonly realizedPnl: QuoteAmount;
  /** Whether the fill closed a round trip: its profit, in the quote asset. */
  readonly roundTripPnl?: QuoteAmount;
  readonly quoteAsset: string;
}
/** Money that moved without a fill of ours. */
export interface BalanceBody {
  readonly kind: 'balance';
  readonly cause: /** Capital given to a sub-account or taken from it, by configuration or by the owner. */
    | 'allocation'
    /** A deposit or withdrawal at the exchange (faults.md B4, B5). */
    | 'deposit'
    | 'withdrawal'
    /** A fill of an order that we did not send. */
    | 'external_fill'
    /** What lies below a lot step, written off (faults.md B3). */
    | 'dust'
    /** A break that a person has explained. */
    | 'correction'
    /** What the account held when the ledger began. */
    | 'opening';
  readonly postings: readonly Posting[];
  readonly detail: string;
  /** Of an external fill or movement: what makes booking it twice impossible. */
  readonly key?: string;
  /** Where a position changed with it. */
  readonly position?: PositionState;
}

/** A person or a breaker changed what may be done. Carries the whole state after it. */
export interface ControlBody {
  readonly kind: 'control';
  readonly action:
    | 'halt'
    | 'reduce'
    | 'resume'
    | 'flatten'
    | 'cancel_all'
    | 'breaker'
    | 'dead_man'
    | 'losses';
  readonly scope: BreakerScope;
  readonly by: string;
  readonly why: string;
  readonly breakers: BreakerStates;
}

/** What everything is worth, once a minute and when a day begins: the series of equity, and what the daily limits start from. */
export interface ValuationBody {
  readonly kind: 'valuation';
  readonly equityAsset: string;
  readonly equity: EquityAmount;
  /** At 00:00 UTC of the running day, flows since then added and taken off. */
  readonly dayStartEquity: EquityAmount;
  readonly peakEquity: EquityAmount;
  /** By sub-account: its equity, and its realized profit since the day began. */
  readonly subAccounts: readonly {
    readonly subAccount: string;
    readonly equity: EquityAmount;
    readonly realizedToday: EquityAmount;
    readonly unrealized: EquityAmount;
  }[];
  /** The prices it was made with. */
  readonly prices: readonly { readonly symbol: string; readonly price: Price; readonly ageMs: number }[];
}

/** A difference between the books and the exchange that nothing explains; the asset is not traded while it is open (faults.md I5). */
export interface BreakBody {
  readonly kind: 'break';
  readonly state: 'opened' | 'closed';
  /** 'asset BTC', 'order BTCUSDT 4711'. */
  readonly name: string;
  readonly asset: string;
  readonly ledger: Amount;
  readonly venue: Amount;
  readonly detail: string;
}

/** A strategy was started or stopped, got new parameters, or its state was saved. */
export interface StrategyBody {
  readonly kind: 'strategy';
  readonly action: 'started' | 'stopped' | 'disabled' | 'parameters' | 'saved';
  readonly strategy: string;
  readonly by: string;
  readonly why: string;
  /** As texts, as `readParameters` takes them. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly state: SavedState;
}

/** The configuration that a service runs with, its secrets left out. */
export interface ConfigurationBody {
  readonly kind: 'configuration';
  readonly environment: string;
  readonly mode: TradingMode;
  /** SHA-256 of the effective configuration, hex. */
  readonly hash: string;
  readonly text: string;
}
export type TradingMode = 'paper' | 'testnet' | 'live';

/** Who may write intents from now on. */
export interface LeaderBody {
  readonly kind: 'leader';
  readonly epoch: number;
  readonly holder: string;
}

/** For a person to look at. */
export interface AlertBody {
  readonly kind: 'alert';
  readonly severity: 'info' | 'warning' | 'critical';
  /** 'order_rejected', 'feed_stale', 'break_opened': what alert rules match. */
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}
