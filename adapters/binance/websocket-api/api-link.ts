import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Call, PreparedParams } from '../calls/call.ts';
import { outcomeOfError, outcomeOfResult } from '../errors/outcome-of.ts';
import { limitReportOfSocket, SAYS_NOTHING } from '../limits/limit-report.ts';
import type { LimitReport, Permit, RateGate } from '../limits/limits.ts';
import type { Parameters } from '../model/parameters.ts';
import { failed, type Outcome, TOO_LATE, unknown } from '../outcome.ts';
import { paramsOf, type SignedParams } from '../signing/payload.ts';
import type { Signer } from '../signing/signer.ts';
import type { Connection } from '../sockets/index.ts';
import type { Reply } from './frame.ts';
import { type Synchronizer, withTrustedTime } from './trusted-time.ts';

/** A call as the WebSocket API makes it: what only REST needs is left out. */
export type SocketCall<T> = Pick<
  Call<T>,
  | 'socketMethod'
  | 'security'
  | 'parameters'
  | 'cost'
  | 'priority'
  | 'hasEffect'
  | 'mayLeave'
  | 'prepared'
  | 'read'
  | 'readError'
>;

/** What every link of one client shares. */
export interface LinkParts {
  readonly timers: Timers;
  readonly gate: RateGate;
  /** Left out: only calls that need no key can be made. */
  readonly signer?: Signer;
  readonly signedParams: SignedParams;
  /** The venue's time; asked right before every signature. */
  readonly serverClock: Pick<Clock, 'nowMs'>;
  /** What keeps `serverClock` right. */
  readonly synchronizer: Synchronizer;
  /** A ban was announced: it is for the IP, so nobody connects before its end either. Epoch ms of the venue's clock. */
  readonly banned: (untilMs: number) => void;
  readonly recvWindowMs: number;
  readonly answerWithinMs: number;
  /** How many requests may wait for their answers; one more is not sent. */
  readonly inFlightMax: number;
  readonly nextId: () => number;
}

interface Pending {
  readonly permit: Permit;
  timer: Timer | undefined;
  readonly answer: (reply: Reply) => void;
  readonly lose: (detail: string) => void;
}

/** One connection to the WebSocket API: requests go out with ids, and each ends with its answer, its time or its socket. */
export class ApiLink {
  private readonly connection: Connection;
  private readonly parts: LinkParts;
  private readonly pending = new Map<number | string, Pending>();
  private loggedOn = false;

  constructor(connection: Connection, parts: LinkParts) {
    this.connection = connection;
    this.parts = parts;
  }

  get id(): number {
    return this.connection.id;
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /** From then on calls need no signature of their own (`session.logon`, binance-spot.md section 10). */
  get isLoggedOn(): boolean {
    return this.loggedOn;
  }

  /** How many requests wait for their answers. */
  get inFlight(): number {
    return this.pending.size;
  }

  /** The venue has announced the end of this connection. */
  retire(reason: string): void {
    this.connection.retire(reason);
  }

  /** It is of no use any more. Whatever waits for an answer becomes unknown. */
  abandon(reason: string): void {
    this.connection.abandon(reason);
  }

  async logOn(): Promise<Outcome<undefined>> {
    const outcome = await this.perform(LOG_ON, { isSignedItself: true });
    if (outcome.kind === 'done') this.loggedOn = true;
    return outcome;
  }

  /**
   * @param how.isSignedItself  the call carries key and signature even when the session is logged on
   */
  async perform<T>(
    call: SocketCall<T>,
    how: { readonly isSignedItself?: boolean } = {},
  ): Promise<Outcome<T>> {
    const attempt = async (): Promise<Outcome<T>> => {
      const permit = await this.parts.gate.acquire(call.cost, call.priority);
      return permit.ok ? this.send(call, permit.value, how.isSignedItself) : failed(permit.error);
    };
    return call.security === 'signed' ? withTrustedTime(this.parts.synchronizer, attempt) : attempt();
  }

  /** Sends with a permit that is held already; settles or abandons it. Does not reject. */
  send<T>(call: SocketCall<T>, permit: Permit, isSignedItself = false): Promise<Outcome<T>> {
    const refusal = this.whyNot(call);
    if (refusal !== undefined) {
      permit.abandon();
      return Promise.resolve(failed({ reason: 'not_sent', detail: refusal }));
    }
    return new Promise((resolve) => {
      const id = this.parts.nextId();
      const finish = (outcome: Outcome<T>, report: LimitReport): void => {
        pending.timer?.cancel();
        this.pending.delete(id);
        permit.settle(report);
        resolve(outcome);
      };
      const pending: Pending = {
        permit,
        timer: undefined,
        answer: (reply) => finish(this.outcomeOf(call, reply), this.reportOf(reply)),
        lose: (detail) => finish(unknown({ reason: 'connection_lost', detail }), SAYS_NOTHING),
      };
      // In place before the text leaves: the answer may be quicker than the call that sends.
      this.pending.set(id, pending);
      const sent = this.connection.send(
        `{"id":${id},"method":"${call.socketMethod}","params":${this.paramsOf(call, isSignedItself)}}`,
      );
      if (sent === 'sent' || sent === 'queued') {
        // After the text has left, which nothing should wait for that can come later.
        if (this.pending.has(id))
          pending.timer = this.parts.timers.after(this.parts.answerWithinMs, () =>
            finish(unknown({ reason: 'timed_out' }), SAYS_NOTHING),
          );
        return;
      }
      this.pending.delete(id);
      permit.abandon();
      resolve(
        failed({ reason: 'not_sent', detail: sent === 'not_open' ? NOT_OPEN : 'too much waits to be sent' }),
      );
    });
  }

  /** @returns false when nobody waits for this answer: it came too late, twice, or to a question that was never asked. */
  answered(reply: Reply): boolean {
    const pending = reply.id === null ? undefined : this.pending.get(reply.id);
    if (pending === undefined) {
      this.parts.gate.observe(this.reportOf(reply));
      return false;
    }
    pending.answer(reply);
    return true;
  }

  /** The socket has gone: whatever was sent and not answered may have been done. */
  lost(detail: string): void {
    this.loggedOn = false;
    for (const pending of [...this.pending.values()]) pending.lose(detail);
  }

  private whyNot<T>(call: SocketCall<T>): string | undefined {
    if (call.mayLeave?.() === false) return TOO_LATE;
    if (call.socketMethod === undefined) return 'the WebSocket API has no such call';
    if (call.security === 'signed' && this.parts.signer === undefined) return 'there is no key to sign with';
    if (!this.connection.isOpen) return NOT_OPEN;
    if (this.pending.size >= this.parts.inFlightMax) return 'too many requests wait for their answers';
    return undefined;
  }

  private paramsOf<T>(call: SocketCall<T>, isSignedItself: boolean): string {
    const { signer, serverClock } = this.parts;
    const { prepared } = call;
    if (call.security === 'none' || signer === undefined) return paramsOf(call.parameters);
    // By whatever the clock shows now: a time that the venue has refused is corrected by more than this.
    if (prepared !== undefined && Math.abs(serverClock.nowMs() - prepared.atMs) <= PREPARED_MS_MAX)
      return prepared.text;
    if (!this.loggedOn || isSignedItself) return preparedParamsOf(call, signer, this.parts).text;
    return paramsOf(timedParametersOf(call, this.parts, serverClock.nowMs()));
  }

  private outcomeOf<T>(call: SocketCall<T>, { error, result, status }: Reply): Outcome<T> {
    return error === undefined ? outcomeOfResult(result, status, call) : outcomeOfError(error, call);
  }

  private reportOf({ status, rateLimits, error }: Reply): LimitReport {
    const report = limitReportOfSocket(status, rateLimits, error, this.parts.serverClock.nowMs());
    if (report.silence?.isBan === true) this.parts.banned(report.silence.untilMs);
    return report;
  }
}

const NOT_OPEN = 'the socket is not open';

/** What was signed earlier than this is signed anew. */
const PREPARED_MS_MAX = 100;

type SigningParts = Pick<LinkParts, 'recvWindowMs' | 'serverClock' | 'signedParams'>;

export function preparedParamsOf<T>(
  call: SocketCall<T>,
  signer: Signer,
  parts: SigningParts,
): PreparedParams {
  const atMs = parts.serverClock.nowMs();
  return { text: parts.signedParams.textOf(timedParametersOf(call, parts, atMs), signer), atMs };
}

const timedParametersOf = <T>(
  { parameters }: SocketCall<T>,
  { recvWindowMs }: SigningParts,
  atMs: number,
): Parameters => [...parameters, ['recvWindow', recvWindowMs], ['timestamp', atMs]];

const LOG_ON: SocketCall<undefined> = {
  socketMethod: 'session.logon',
  security: 'signed',
  parameters: [],
  cost: { weight: 2 },
  priority: 'exit',
  hasEffect: false,
  read: () => ({ ok: true, value: undefined }),
};
