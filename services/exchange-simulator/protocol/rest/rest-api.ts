import { INVALID_TIME_UNIT, readTimeUnit, type TimeUnit } from '../../notation/time-unit.ts';
import type { WireRequest, WireResponse } from '../../wire.ts';
import { AddressLimits, type AddressUsage } from '../limits/address-limits.ts';
import { isRefused, type Operation } from '../operations/operation.ts';
import { operationsAt } from '../operations/table.ts';
import { ParameterList, readForm } from '../parameters/parameter-list.ts';
import { Parameters } from '../parameters/parameters.ts';
import { JSON_TYPE, type Refusal, refusal, refusedResponse } from '../refusal.ts';
import { type Authorized, authorize } from '../security/authorize.ts';
import { signedRestText } from '../security/signature.ts';
import { type ProtocolServices, perform } from '../services.ts';
import { goneResponse, isGone, notFoundResponse } from './dead-paths.ts';

/** `/sapi` has a limiter and a header of its own (binance-spot.md section 2.6). */
const SAPI_LIMITS = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 12_000 },
] as const;
const UNKNOWN_PATH_WEIGHT = 1;
const SBE_NOT_ENABLED = refusal(-1155, 'SBE is not enabled.', 406);

/** The REST API: what a request weighs, who asks, and the answer with its headers. */
export class RestApi {
  private readonly services: ProtocolServices;
  private readonly sapiLimits = new AddressLimits(SAPI_LIMITS);
  /** The headers of order counts by account are the same for every account. */
  private orderCountHeaders: readonly string[] | undefined;

  constructor(services: ProtocolServices) {
    this.services = services;
  }

  /**
   * Answers one request, and has done all that it asked for when it returns.
   * @param receivedAtMs  when the request arrived: the first check of its timestamp, and its rate limit buckets
   * @param forwardedAtMs  when it reaches the engine, `receivedAtMs` unless something held it up: the second and third
   *   check of the timestamp, and the time of all that it does (binance-spot.md section 2.4)
   */
  handle(request: WireRequest, receivedAtMs: number, forwardedAtMs = receivedAtMs): WireResponse {
    const { path, remoteAddress } = request;
    const isSapi = path.startsWith('/sapi/');
    const limits = isSapi ? this.sapiLimits : this.services.limits;
    const usage = limits.of(remoteAddress, receivedAtMs);
    const headers: Record<string, string> = {};
    const response = this.answer(request, usage, headers, receivedAtMs, forwardedAtMs);
    if (isSapi) usage.writeSapiHeaders(headers, receivedAtMs);
    else usage.writeHeaders(headers, receivedAtMs);
    return response;
  }

  /** @param headers  of the answer; those of the limits are added when it is known what was used */
  private answer(
    request: WireRequest,
    usage: AddressUsage,
    headers: Record<string, string>,
    receivedAtMs: number,
    forwardedAtMs: number,
  ): WireResponse {
    const operations = operationsAt(request.path);
    const operation = operations?.get(request.method);
    if (operation === undefined) {
      const refused = usage.request(UNKNOWN_PATH_WEIGHT, receivedAtMs);
      if (refused !== undefined) return refusedResponse(refused, headers, receivedAtMs);
      return isGone(request.path) ? goneResponse(headers) : notFoundResponse(request, headers);
    }
    const isBodyRead = request.method !== 'GET';
    const body = isBodyRead ? request.body : '';
    const list = readForm(request.query, body);
    const parameters = new Parameters(list instanceof ParameterList ? list : new ParameterList());
    const weight = typeof operation.weight === 'number' ? operation.weight : operation.weight(parameters);
    const refused = usage.request(weight, receivedAtMs);
    if (refused !== undefined) return refusedResponse(refused, headers, receivedAtMs);
    if (!(list instanceof ParameterList)) return refusedResponse(list, headers, receivedAtMs);

    const unit = timeUnitOf(request);
    if (unit === undefined) return refusedResponse(INVALID_TIME_UNIT, headers, receivedAtMs);
    if (request.headers.accept === 'application/sbe') {
      return refusedResponse(SBE_NOT_ENABLED, headers, receivedAtMs);
    }
    let authorized: Authorized | undefined;
    if (operation.security !== 'NONE') {
      const result = this.authorize(request, body, operation, parameters, receivedAtMs);
      if ('status' in result) return refusedResponse(result, headers, receivedAtMs);
      authorized = result;
    }
    const answer = perform(this.services, {
      operation,
      parameters,
      unit,
      nowMs: forwardedAtMs,
      isWebSocket: false,
      key: authorized?.key,
      timing: authorized?.timing,
    });
    if (isRefused(answer)) return refusedResponse(answer, headers, receivedAtMs);
    if (operation.isFreeOnSuccess === true) usage.refund(weight, receivedAtMs);
    if (operation.unfilledOrders !== undefined && authorized !== undefined) {
      this.writeOrderCounts(authorized.key.account, headers);
    }
    headers['content-type'] = JSON_TYPE;
    return { status: 200, headers, body: answer };
  }

  private authorize(
    request: WireRequest,
    body: string,
    operation: Operation,
    parameters: Parameters,
    nowMs: number,
  ): Authorized | Refusal {
    const result = authorize(
      this.services.exchange,
      parameters,
      {
        apiKey: request.headers['x-mbx-apikey'] ?? '',
        remoteAddress: request.remoteAddress,
        signed: {
          text: signedRestText(request.query, body),
          signature: parameters.anyText('signature') ?? '',
        },
      },
      operation.security === 'TRADE' ? 'trade' : 'read',
      nowMs,
    );
    return result.ok ? result.value : result.error;
  }

  private writeOrderCounts(account: number, headers: Record<string, string>): void {
    const counts = this.services.exchange.orderCounts(account);
    this.orderCountHeaders ??= counts.map(
      (it) => `x-mbx-order-count-${it.intervalNum}${it.interval.charAt(0).toLowerCase()}`,
    );
    for (let index = 0; index < counts.length; index += 1) {
      headers[this.orderCountHeaders[index]!] = String(counts[index]!.count);
    }
  }
}

function timeUnitOf(request: WireRequest): TimeUnit | undefined {
  const sent = request.headers['x-mbx-time-unit'];
  return sent === undefined ? 'MILLISECOND' : readTimeUnit(sent);
}
