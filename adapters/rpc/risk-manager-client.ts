import { createClient } from '@connectrpc/connect';
import { ordersOf } from '@tradewind/core/orders';
import type { RiskLimits, Wanted } from '@tradewind/core/risk';
import type {
  CommandResult,
  CommittedEvent,
  HaltOrder,
  HaltResult,
  Heartbeat,
  ResumeOrder,
  RiskEpoch,
  RiskManager,
  RiskState,
  Verdict,
} from '@tradewind/proto';
import { riskManagerMethods as methods } from '@tradewind/proto/codec';
import { RiskManagerService } from '@tradewind/proto/generated/risk_manager_pb.js';
import { type Clock, forgetOldest } from '@tradewind/utils';
import { Caller, type RpcClient, type RpcClientOptions } from './caller.ts';
import { commandResultOf } from './command-result.ts';
import { answerOrThrow, valueOrThrow } from './outcome.ts';
import { ToldEpoch } from './told-epoch.ts';

/** How many orders may wait to be withdrawn before nothing new is asked for. */
const DOUBTFUL_MAXIMUM = 1_000;
/** How many of the latest orders of lost answers, of verdicts and of withdrawals, are remembered. */
const LOST_MAXIMUM = 10_000;

/**
 * The risk manager of another process. No verdict is an approval that its own answer does not say is one of this very order. What a
 * lost answer may have reserved is withdrawn: the order was not approved here, so it is never sent. A withdrawal that was not answered is
 * tried again until one is. The ids of both are not asked for again, or a withdrawal that arrives late could take an approval away.
 * `withdraw`, `record`, `halt` and `heartbeat` throw `CallFailed` or `CallUnknown`, `limits` and `state` throw `CallFailed`.
 */
export class RiskManagerClient implements RiskManager, RpcClient {
  private readonly caller: Caller;
  private readonly client;
  /** Client order ids of which nobody knows whether anything is reserved for them. */
  private readonly doubtful = new Set<string>();
  private readonly lost = new Set<string>();
  private isWithdrawing = false;
  private readonly clock: Clock;
  private readonly told: ToldEpoch;

  constructor(options: RpcClientOptions) {
    this.caller = new Caller(options);
    this.clock = options.clock;
    this.told = new ToldEpoch(options.clock);
    this.client = createClient(RiskManagerService, this.caller.transport);
    this.caller.connection.onHealth(({ state }) => {
      if (state === 'up') void this.withdrawDoubtful();
      // Nobody knows what is stopped there meanwhile.
      else this.told.forget();
    });
  }

  async validate(wanted: Wanted, correlationId: string): Promise<Verdict> {
    void this.withdrawDoubtful();
    if (this.doubtful.size >= DOUBTFUL_MAXIMUM) {
      return unavailable('too many reservations of lost answers could not be withdrawn yet');
    }
    if (idsOf(wanted).some((id) => this.lost.has(id))) {
      return unavailable('an answer about this very order was lost; it is never asked for again');
    }
    const askedAtMs = this.clock.elapsedMs();
    const outcome = await this.caller.call('validate', methods.validate, this.client.validate, {
      wanted,
      correlationId,
    });
    if (outcome.kind === 'not_received') return unavailable(outcome.detail);
    if (outcome.kind === 'unknown') return this.doubt(wanted, outcome.detail);
    const { verdict } = outcome.value;
    if (verdict.kind === 'refused') return verdict;
    if (!isSame(wanted, verdict.approved))
      return this.doubt(wanted, 'the risk manager approved something else');
    this.told.hear(verdict.epoch, askedAtMs);
    // The one place where an answer becomes an approval.
    return { ...verdict, approved: wanted as Extract<Verdict, { kind: 'approved' }>['approved'] };
  }

  epoch(): RiskEpoch | undefined {
    return this.told.now;
  }

  async withdraw(clientOrderIds: readonly string[]): Promise<void> {
    const request = { clientOrderIds, correlationId: this.caller.nextCorrelationId() };
    const outcome = await this.caller.call('withdraw', methods.withdraw, this.client.withdraw, request);
    if (outcome.kind !== 'answered') this.withdrawAgain(clientOrderIds);
    valueOrThrow(outcome);
  }

  async record(events: readonly CommittedEvent[]): Promise<void> {
    const correlationId = events[0]?.correlationId ?? this.caller.nextCorrelationId();
    valueOrThrow(
      await this.caller.call('record', methods.record, this.client.record, { events, correlationId }),
    );
  }

  async limits(): Promise<RiskLimits> {
    const request = { correlationId: this.caller.nextCorrelationId() };
    return answerOrThrow(await this.caller.call('limits', methods.getLimits, this.client.getLimits, request))
      .limits;
  }

  async state(): Promise<RiskState> {
    const request = { correlationId: this.caller.nextCorrelationId() };
    return answerOrThrow(
      await this.caller.call('state', methods.getRiskState, this.client.getRiskState, request),
    ).state;
  }

  async halt(order: HaltOrder): Promise<HaltResult> {
    const request = { order, correlationId: this.caller.nextCorrelationId() };
    // It may cancel every order at the exchange before it answers.
    return valueOrThrow(await this.caller.call('halt', methods.halt, this.client.halt, request, HALT_MS))
      .result;
  }

  async resume(order: ResumeOrder): Promise<CommandResult> {
    const request = { order, correlationId: this.caller.nextCorrelationId() };
    return commandResultOf(await this.caller.call('resume', methods.resume, this.client.resume, request));
  }

  async heartbeat(beat: Heartbeat): Promise<void> {
    const askedAtMs = this.clock.elapsedMs();
    const request = { beat, correlationId: this.caller.nextCorrelationId() };
    const { epoch } = valueOrThrow(
      await this.caller.call('heartbeat', methods.heartbeat, this.client.heartbeat, request),
    );
    if (epoch !== undefined) this.told.hear(epoch, askedAtMs);
  }

  get health() {
    return this.caller.connection.health;
  }

  onHealth(listener: Parameters<RpcClient['onHealth']>[0]): () => void {
    return this.caller.connection.onHealth(listener);
  }

  close(): void {
    this.caller.connection.close();
  }

  private doubt(wanted: Wanted, detail: string): Verdict {
    this.withdrawAgain(idsOf(wanted));
    void this.withdrawDoubtful();
    return unavailable(detail);
  }

  /** They are not asked for any more: what has not been answered may still arrive, too. */
  private withdrawAgain(clientOrderIds: readonly string[]): void {
    for (const id of clientOrderIds) {
      this.doubtful.add(id);
      this.lost.add(id);
      forgetOldest(this.lost, LOST_MAXIMUM);
    }
  }

  private async withdrawDoubtful(): Promise<void> {
    if (this.doubtful.size === 0 || this.isWithdrawing) return;
    this.isWithdrawing = true;
    const clientOrderIds = [...this.doubtful];
    const request = { clientOrderIds, correlationId: this.caller.nextCorrelationId() };
    const outcome = await this.caller.call('withdraw', methods.withdraw, this.client.withdraw, request);
    if (outcome.kind === 'answered') for (const id of clientOrderIds) this.doubtful.delete(id);
    this.isWithdrawing = false;
  }
}

const idsOf = (wanted: Wanted): readonly string[] =>
  ordersOf(wanted).map(({ clientOrderId }) => clientOrderId);

const HALT_MS = 30_000;

const unavailable = (detail: string): Verdict => ({
  kind: 'refused',
  refusal: { reason: 'risk_unavailable', detail },
  checks: [],
});

/** Whether two orders, or parts of them, are the same to the last digit. What is undefined is as what is left out. */
function isSame(one: unknown, other: unknown): boolean {
  if (!isParts(one) || !isParts(other)) return one === other;
  return (
    Object.keys(one).every((name) => isSame(one[name], other[name])) &&
    Object.keys(other).every((name) => name in one || other[name] === undefined)
  );
}
const isParts = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
