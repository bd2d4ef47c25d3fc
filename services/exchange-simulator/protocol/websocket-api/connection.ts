import type { ApiKey } from '../../exchange/index.ts';
import type { SocketHandler } from '../../wire.ts';
import type { AddressUsage } from '../limits/address-limits.ts';
import { limitHead } from '../limits/rate-limit.ts';
import { type Answer, isRefused, type Operation } from '../operations/operation.ts';
import { operationOfMethod } from '../operations/table.ts';
import { Parameters } from '../parameters/parameters.ts';
import {
  DUPLICATE_PARAMETER,
  INVALID_JSON,
  illegalCharacters,
  mandatory,
  REJECTED_API_KEY,
  type Refusal,
  refusalBody,
  UNSUPPORTED_OPERATION,
} from '../refusal.ts';
import { authorize, type Credentials, usableKey } from '../security/authorize.ts';
import type { RequestTiming } from '../security/timing.ts';
import { perform, type WebSocketApiServices } from '../services.ts';
import { isScanned, type ScannedRequest, type ScanProblem, scanRequest } from './scan-request.ts';
import type { Session } from './session.ts';
import { SESSION_METHOD_WEIGHT, SESSION_METHODS, type SessionCall } from './session-methods.ts';
import { signedWebSocketText } from './signed-text.ts';

const SCAN_REFUSALS: Record<ScanProblem, Refusal> = {
  not_json: INVALID_JSON,
  bad_id: illegalCharacters('id', '^[a-zA-Z0-9-_]{1,36}$'),
  no_method: mandatory('method'),
  bad_parameters: mandatory('params'),
  duplicate_parameter: DUPLICATE_PARAMETER,
};
const UNKNOWN_METHOD_WEIGHT = 1;

/** Serves the requests of one socket, in the order in which they come. */
export class Connection implements SocketHandler {
  private readonly services: WebSocketApiServices;
  private readonly session: Session;
  private readonly usage: (nowMs: number) => AddressUsage;
  private readonly forget: () => void;
  /** Of the order counts, which are the same for every account; made once. */
  private orderCountHeads: readonly string[] | undefined;

  constructor(services: WebSocketApiServices, session: Session, forget: () => void) {
    this.services = services;
    this.session = session;
    this.usage = (nowMs) => services.limits.of(session.socket.remoteAddress, nowMs);
    this.forget = forget;
  }

  message(text: string): void {
    this.session.serve(() => this.answer(text));
  }

  // Whether the other side is alive is its server's business.
  pinged(): void {}
  ponged(): void {}

  closed(): void {
    this.session.ended();
    this.forget();
  }

  private answer(text: string): void {
    const nowMs = this.services.clock.nowMs();
    const request = scanRequest(text);
    if (isScanned(request)) {
      this.endRevokedSession(nowMs);
      this.serve(request, nowMs);
    } else {
      const usage = this.usage(nowMs);
      const refused = usage.weigh(UNKNOWN_METHOD_WEIGHT, nowMs) ?? SCAN_REFUSALS[request.problem];
      this.reply(request.id, refused, this.limitsJson(usage, nowMs, undefined, true), nowMs);
    }
  }

  private serve(request: ScannedRequest, nowMs: number): void {
    const method = request.method.startsWith('v3/') ? request.method.slice(3) : request.method;
    const usage = this.usage(nowMs);
    const parameters = new Parameters(request.parameters);
    const showsLimits = parameters.flag('returnRateLimits') ?? this.session.returnsRateLimits;
    const operation = operationOfMethod(method);
    const weight = weightOf(operation, method, parameters);
    let key: ApiKey | undefined;
    let answer: Answer | undefined = usage.weigh(weight, nowMs);
    if (answer === undefined && operation !== undefined) {
      const admitted = this.admit(request, operation, parameters, nowMs);
      if ('status' in admitted) {
        answer = admitted;
      } else {
        key = admitted.key;
        answer = perform(this.services, {
          operation,
          parameters,
          unit: this.session.unit,
          nowMs,
          isWebSocket: true,
          ...admitted,
        });
        if (operation.isFreeOnSuccess === true && !isRefused(answer)) usage.refund(weight, nowMs);
      }
    }
    answer ??= this.callSession(method, request, parameters, nowMs);
    const counted = operation?.unfilledOrders === undefined ? undefined : key?.account;
    this.reply(request.id, answer, this.limitsJson(usage, nowMs, counted, showsLimits), nowMs);
  }

  private callSession(
    method: string,
    request: ScannedRequest,
    parameters: Parameters,
    nowMs: number,
  ): Answer {
    const run = SESSION_METHODS.get(method);
    if (run === undefined) return UNSUPPORTED_OPERATION;
    const call: SessionCall = {
      keys: this.services.exchange,
      session: this.session,
      parameters,
      credentials: () => this.credentials(request, parameters),
      nowMs,
    };
    return run(call);
  }

  /** Who asks: nobody in particular, the key of the request, or the key that has logged on. */
  private admit(
    request: ScannedRequest,
    operation: Operation,
    parameters: Parameters,
    nowMs: number,
  ): { readonly key: ApiKey | undefined; readonly timing: RequestTiming | undefined } | Refusal {
    if (operation.security === 'NONE') return { key: undefined, timing: undefined };
    const permission = operation.security === 'TRADE' ? 'trade' : 'read';
    const credentials = this.credentials(request, parameters);
    const result = authorize(this.services.exchange, parameters, credentials, permission, nowMs);
    return result.ok ? result.value : result.error;
  }

  /** What is sent overrides the logon (binance-spot.md section 10). */
  private credentials(request: ScannedRequest, parameters: Parameters): Credentials {
    const { remoteAddress } = this.session.socket;
    const sentKey = parameters.anyText('apiKey');
    const signature = parameters.anyText('signature');
    const { logon } = this.session;
    if (logon !== undefined && sentKey === undefined && signature === undefined) {
      return { apiKey: logon.key.apiKey, remoteAddress, signed: undefined };
    }
    if (sentKey === undefined) parameters.refuse(mandatory('apiKey'));
    return {
      apiKey: sentKey ?? '',
      remoteAddress,
      signed: { text: signedWebSocketText(request.parameters), signature: signature ?? '' },
    };
  }

  /** When a key becomes invalid, the next request ends the session that it logged on, and what it subscribed to. */
  private endRevokedSession(nowMs: number): void {
    const { session } = this;
    if (session.logon === undefined && !session.isSubscribed) return;
    const { remoteAddress } = session.socket;
    const isValid = (key: ApiKey): boolean =>
      usableKey(this.services.exchange, key.apiKey, remoteAddress) !== undefined;
    session.unsubscribe((it) => !isValid(it.key), nowMs);
    if (session.logon === undefined || isValid(session.logon.key)) return;
    session.logon = undefined;
    session.send(`{"id":null,"status":401,"error":${refusalBody(REJECTED_API_KEY)}}`);
  }

  private reply(id: string, answer: Answer, limits: string, nowMs: number): void {
    this.session.send(
      isRefused(answer)
        ? `{"id":${id},"status":${answer.status},"error":${errorJson(answer, nowMs)}${limits}}`
        : `{"id":${id},"status":200,"result":${answer}${limits}}`,
    );
  }

  /** @param account  whose order counts are shown too */
  private limitsJson(
    usage: AddressUsage,
    nowMs: number,
    account: number | undefined,
    isShown: boolean,
  ): string {
    if (!isShown) return '';
    let json = '';
    if (account !== undefined) {
      const counts = this.services.exchange.orderCounts(account);
      this.orderCountHeads ??= counts.map((it) => limitHead({ rateLimitType: 'ORDERS', ...it }));
      for (let at = 0; at < counts.length; at += 1)
        json += `${this.orderCountHeads[at]!}${counts[at]!.count}},`;
    }
    for (const counter of usage.weights) json += `${counter.head}${counter.count(nowMs)}},`;
    return `,"rateLimits":[${json.slice(0, -1)}]`;
  }
}

function weightOf(operation: Operation | undefined, method: string, parameters: Parameters): number {
  if (operation === undefined) {
    return SESSION_METHODS.has(method) ? SESSION_METHOD_WEIGHT : UNKNOWN_METHOD_WEIGHT;
  }
  return typeof operation.weight === 'number' ? operation.weight : operation.weight(parameters);
}

/** Unlike the header of REST, `retryAfter` is a time and not a duration. */
function errorJson(refusal: Refusal, nowMs: number): string {
  if (refusal.retryAtMs === undefined) return refusalBody(refusal);
  return refusalBody({
    ...refusal,
    data: `{"serverTime":${nowMs},"retryAfter":${refusal.retryAtMs}}`,
  });
}
