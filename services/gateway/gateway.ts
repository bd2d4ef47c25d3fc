import type {
  CommittedEvent,
  EventKind,
  Ledger,
  LedgerState,
  MarketData,
  MarketSnapshot,
  OrderExecution,
  RiskManager,
  StrategyEngine,
  TradingMode,
} from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import { isNews } from './views/describe-event.ts';
import { type StatusView, statusView } from './views/status.ts';

export interface GatewayParts {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly marketData: MarketData;
  readonly strategyEngine: StrategyEngine;
  readonly riskManager: RiskManager;
  readonly orderExecution: OrderExecution;
  readonly symbols: readonly string[];
  readonly environment: string;
  readonly mode: TradingMode;
  /** Epoch ms. */
  readonly startedAtMs: number;
}

/** Of these, what is news is shown (`isNews`); the rest is in the journal. */
const READ: readonly EventKind[] = [
  'signal',
  'verdict',
  'fill',
  'balance',
  'control',
  'break',
  'strategy',
  'leader',
  'alert',
];
const EVENTS_READ = 60;
const EVENTS_SHOWN = 12;
/** So that many screens cost the ledger no more than one does. */
const LEDGER_READ_EVERY_MS = 500;

/** The only door for people. It shows what the services say and hands on what is commanded; it decides nothing. */
export class Gateway {
  readonly parts: GatewayParts;
  private readonly correlations: string;
  private commands = 0;
  private read: { readonly atMs: number; readonly facts: Promise<LedgerFacts> } | undefined;

  constructor(parts: GatewayParts) {
    this.parts = parts;
    this.correlations = `command-${parts.startedAtMs.toString(36)}`;
  }

  async status(): Promise<StatusView> {
    const { clock, orderExecution, riskManager, strategyEngine, environment, mode, startedAtMs } = this.parts;
    const [execution, orders, risk, strategies, markets, { state, events }] = await Promise.all([
      orderExecution.state(),
      orderExecution.openOrders(),
      riskManager.state(),
      strategyEngine.list(),
      this.markets(),
      this.ledgerFacts(),
    ]);
    return statusView({
      environment,
      mode,
      nowMs: clock.nowMs(),
      startedAtMs,
      execution,
      risk,
      strategies,
      markets,
      ledger: state,
      orders,
      events,
    });
  }

  async markets(): Promise<readonly MarketSnapshot[]> {
    const { marketData, symbols } = this.parts;
    const snapshots = await Promise.all(symbols.map((symbol) => marketData.snapshot(symbol)));
    return snapshots.filter((snapshot) => snapshot !== undefined);
  }

  async ledgerState(): Promise<LedgerState> {
    return (await this.ledgerFacts()).state;
  }

  /** What keeps the system from trading; empty when nothing does. A halt is a decision and no obstacle. */
  async obstacles(): Promise<readonly string[]> {
    const { orderExecution, riskManager } = this.parts;
    const [execution, risk, markets] = await Promise.all([
      orderExecution.state(),
      riskManager.state(),
      this.markets(),
    ]);
    const feeds = markets.filter(({ feed }) => feed.state !== 'live');
    return [
      ...(execution.state === 'ready' ? [] : [`order execution is ${execution.state}: ${execution.detail}`]),
      ...(risk.state === 'ready' ? [] : [`the risk manager is ${risk.state}: ${risk.detail}`]),
      ...feeds.map(({ feed }) => `${feed.symbol} is ${feed.state}: ${feed.detail}`),
    ];
  }

  /** What everything that a command leads to is found by. */
  nextCorrelationId(): string {
    this.commands += 1;
    return `${this.correlations}-${this.commands}`;
  }

  private ledgerFacts(): Promise<LedgerFacts> {
    const now = this.parts.clock.elapsedMs();
    if (this.read === undefined || now - this.read.atMs >= LEDGER_READ_EVERY_MS) {
      this.read = { atMs: now, facts: this.readLedger() };
    }
    return this.read.facts;
  }

  private async readLedger(): Promise<LedgerFacts> {
    const { ledger } = this.parts;
    const [state, events] = await Promise.all([
      ledger.load(),
      ledger.read({ afterSeq: 0, isReversed: true, limit: EVENTS_READ, kinds: READ }),
    ]);
    return { state, events: events.filter(isNews).slice(0, EVENTS_SHOWN) };
  }
}

interface LedgerFacts {
  readonly state: LedgerState;
  readonly events: readonly CommittedEvent[];
}
