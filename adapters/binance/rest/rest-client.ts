import type { Clock } from '@tradewind/utils';
import type { Call, Caller } from '../calls/call.ts';
import { serverTime } from '../calls/market.ts';
import { ClockSynchronizer } from '../clock/clock-synchronizer.ts';
import type { ServerClock } from '../clock/server-clock.ts';
import { INVALID_TIMESTAMP } from '../errors/error-table.ts';
import { outcomeOfAnswer, venueErrorOf } from '../errors/outcome-of.ts';
import { limitReportOfHttp, SAYS_NOTHING } from '../limits/limit-report.ts';
import type { Permit, RateGate } from '../limits/limits.ts';
import type { Parameters } from '../model/parameters.ts';
import { failed, type Outcome, TOO_LATE } from '../outcome.ts';
import type { HttpRequest, HttpTransport } from '../ports.ts';
import { queryOf, signedQueryOf } from '../signing/payload.ts';
import type { Signer } from '../signing/signer.ts';

export interface RestSettings {
  /** Scheme and host without a path: `https://api.binance.com` (binance-spot.md section 1). */
  readonly baseUrl: string;
  /** How old a request may be when it reaches the engine; small, because it bounds how long a doubt lasts (faults.md C2). */
  readonly recvWindowMs: number;
  /** Longer than the 10 s after which the venue itself gives up, so that its answer is heard. */
  readonly timeoutMs: number;
}

export const DEFAULT_REST_SETTINGS: Omit<RestSettings, 'baseUrl'> = {
  recvWindowMs: 5000,
  timeoutMs: 12_000,
};

/** What the client takes from outside. */
export interface RestOutside {
  readonly http: HttpTransport;
  /** Shared with everybody of this address and account. */
  readonly gate: RateGate;
  readonly clock: Clock;
  /** Shared with everybody who signs. */
  readonly serverClock: ServerClock;
  /** Left out for public data only. */
  readonly signer?: Signer;
}

/** Makes calls over REST. Every outcome is a value; nothing is sent twice but what the venue has proven not to have taken. */
export class RestClient implements Caller {
  private readonly outside: RestOutside;
  private readonly settings: RestSettings;
  /** Asks over this client; others may ask it to. */
  readonly synchronizer: ClockSynchronizer;

  constructor(outside: RestOutside, settings: RestSettings) {
    this.outside = outside;
    this.settings = settings;
    this.synchronizer = new ClockSynchronizer(outside.clock, outside.serverClock, () =>
      this.perform(serverTime()),
    );
  }

  async perform<T>(call: Call<T>): Promise<Outcome<T>> {
    if (call.security === 'none') return this.performOnce(call, (parameters) => queryOf(parameters));
    const { signer } = this.outside;
    if (signer === undefined) return failed({ reason: 'not_sent', detail: 'there is no key to sign with' });
    await this.synchronizer.restoreTrust();
    const first = await this.performOnce(call, this.signing(signer));
    if (!isRefusedTimestamp(first)) return first;
    // Surely not executed (binance-spot.md section 2.4), so the same request may go again with a better time (faults.md C1).
    const synchronized = await this.synchronizer.synchronize();
    return synchronized.ok ? this.performOnce(call, this.signing(signer)) : first;
  }

  private async performOnce<T>(
    call: Call<T>,
    encode: (parameters: Parameters) => string,
  ): Promise<Outcome<T>> {
    const permit = await this.outside.gate.acquire({ ...call.cost, rawRequests: 1 }, call.priority);
    if (!permit.ok) return failed(permit.error);
    if (call.mayLeave?.() === false) {
      permit.value.abandon();
      return failed({ reason: 'not_sent', detail: TOO_LATE });
    }
    // Only now: what waited for its permit is signed with the time at which it goes (faults.md C2).
    const request = this.requestOf(call, encode(call.parameters));
    return this.send(call, request, permit.value);
  }

  private async send<T>(call: Call<T>, request: HttpRequest, permit: Permit): Promise<Outcome<T>> {
    const answer = await this.outside.http.send(request);
    if (answer.ok) {
      const { status, headers } = answer.value;
      const nowMs = this.outside.serverClock.nowMs();
      permit.settle(limitReportOfHttp(status, headers, venueErrorOf(answer.value), nowMs));
    } else if (answer.error.kind === 'not_sent') {
      permit.abandon();
    } else {
      permit.settle(SAYS_NOTHING);
    }
    return outcomeOfAnswer(answer, call);
  }

  private signing(signer: Signer): (parameters: Parameters) => string {
    return (parameters) =>
      signedQueryOf(
        [
          ...parameters,
          ['recvWindow', this.settings.recvWindowMs],
          ['timestamp', this.outside.serverClock.nowMs()],
        ],
        signer,
      );
  }

  /** What may carry a body carries everything there, so that no order stands in an address that somebody logs (faults.md I11). */
  private requestOf(call: Call<unknown>, encoded: string): HttpRequest {
    const { method } = call;
    const hasBody = method === 'POST' || method === 'PUT';
    const headers: Record<string, string> = { accept: 'application/json' };
    if (hasBody) headers['content-type'] = 'application/x-www-form-urlencoded';
    if (call.security === 'signed' && this.outside.signer !== undefined)
      headers['x-mbx-apikey'] = this.outside.signer.apiKey;
    const address = this.settings.baseUrl + call.path;
    return {
      method,
      url: hasBody || encoded === '' ? address : `${address}?${encoded}`,
      headers,
      ...(hasBody ? { body: encoded } : {}),
      timeoutMs: this.settings.timeoutMs,
    };
  }
}

const isRefusedTimestamp = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'failed' &&
  outcome.failure.reason === 'refused' &&
  outcome.failure.code === INVALID_TIMESTAMP;
