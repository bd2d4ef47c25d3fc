import type { Clock } from '@tradewind/utils';
import type { ApiKey, ExchangePort } from '../exchange/index.ts';
import type { PublicMarketData } from '../market-data/index.ts';
import type { TimeUnit } from '../notation/time-unit.ts';
import type { AddressLimits } from './limits/address-limits.ts';
import type { Answer, Operation } from './operations/operation.ts';
import type { Parameters } from './parameters/parameters.ts';
import { checkBeforeEngine, type RequestTiming } from './security/timing.ts';

/** What both APIs serve and share. */
export interface ProtocolServices {
  readonly exchange: ExchangePort;
  readonly marketData: PublicMarketData;
  /** Request weight per address, which REST and the WebSocket API use up together. */
  readonly limits: AddressLimits;
}

export interface WebSocketApiServices extends ProtocolServices {
  readonly clock: Clock;
}

/** A request that may be done: what carries it has been dealt with. */
export interface AdmittedRequest {
  readonly operation: Operation;
  readonly parameters: Parameters;
  readonly unit: TimeUnit;
  readonly nowMs: number;
  readonly isWebSocket: boolean;
  /** undefined where nobody needs to be known. */
  readonly key: ApiKey | undefined;
  readonly timing: RequestTiming | undefined;
}

/** Does what a request asks for, after the second and third check of its time. */
export function perform(services: ProtocolServices, request: AdmittedRequest): Answer {
  const { operation, parameters, key, timing } = request;
  const account = key?.account ?? 0;
  const late = timing === undefined ? undefined : checkBeforeEngine(timing, request.nowMs);
  if (late !== undefined) {
    // Unlike the first check, these cost the unfilled-order count (binance-spot.md section 2.4).
    const { unfilledOrders = 0 } = operation;
    if (unfilledOrders > 0) services.exchange.chargeUnfilledOrders(account, unfilledOrders);
    return late;
  }
  return operation.run({
    exchange: services.exchange,
    marketData: services.marketData,
    parameters,
    unit: request.unit,
    nowMs: request.nowMs,
    account,
    key,
    isWebSocket: request.isWebSocket,
  });
}
