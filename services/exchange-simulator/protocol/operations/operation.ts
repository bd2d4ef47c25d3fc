import type { ApiKey, ExchangePort } from '../../exchange/index.ts';
import type { PublicMarketData } from '../../market-data/index.ts';
import type { TimeUnit } from '../../notation/time-unit.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Source: binance-spot.md section 2.1. */
export type Security = 'NONE' | 'TRADE' | 'USER_DATA';

/** One request on its way through an operation: who asks, for what, and of whom. */
export interface Call {
  readonly exchange: ExchangePort;
  readonly marketData: PublicMarketData;
  readonly parameters: Parameters;
  readonly unit: TimeUnit;
  readonly nowMs: number;
  /** 0 where nobody needs to be known. */
  readonly account: number;
  readonly key: ApiKey | undefined;
  readonly isWebSocket: boolean;
}

/** The body of the answer, as JSON, or why there is none. */
export type Answer = string | Refusal;

export const isRefused = (answer: Answer): answer is Refusal => typeof answer !== 'string';

/**
 * One thing that the exchange can be asked for, over REST, over the WebSocket API, or both. What it is, is said once; what
 * carries the request is not its business.
 */
export interface Operation {
  /** Method and path; undefined where only the WebSocket API has it. */
  readonly rest: readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string] | undefined;
  /** The method of the WebSocket API; undefined where only REST has it. */
  readonly webSocket: string | undefined;
  readonly security: Security;
  readonly weight: number | ((parameters: Parameters) => number);
  /** Placing and canceling: a success costs no weight (binance-spot.md section 3.1). */
  readonly isFreeOnSuccess?: boolean;
  /** How much of the unfilled-order count it takes. Such operations report the order counts. */
  readonly unfilledOrders?: number;
  readonly run: (call: Call) => Answer;
}

const query =
  (security: Security) =>
  (path: string, webSocket: string, weight: Operation['weight'], run: Operation['run']): Operation => ({
    rest: ['GET', `/api/v3/${path}`],
    webSocket,
    security,
    weight,
    run,
  });
/** Something that everybody may ask. @param path  after `/api/v3/` */
export const publicQuery = query('NONE');
/** Something that an account may ask about itself. @param path  after `/api/v3/` */
export const accountQuery = query('USER_DATA');

/** What the exchange itself refuses, with the status that carries it. */
export const ofExchange = (it: {
  readonly code: number;
  readonly msg: string;
  readonly retryAtMs?: number;
}): Refusal =>
  it.retryAtMs === undefined
    ? refusal(it.code, it.msg, it.code === -1015 ? 429 : 400)
    : { ...refusal(it.code, it.msg, 429), retryAtMs: it.retryAtMs };
