import { Interval } from '@tradewind/core/market';
import type { SymbolView } from '../../exchange/index.ts';
import type { SymbolMarketData } from '../../market-data/index.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  BAD_COMBINATION,
  INVALID_INTERVAL,
  INVALID_SYMBOL_STATUS,
  invalidData,
  mandatory,
  NO_REFERENCE_PRICE,
  SYMBOL_DOES_NOT_MATCH_STATUS,
} from '../refusal.ts';
import { type Answer, type Call, type Operation, publicQuery } from './operation.ts';
import { readSymbol, statusOf } from './read-symbol.ts';

const STATUSES = ['TRADING', 'HALT', 'BREAK'] as const;
const DEPTH_DEFAULT = 100;
const DEPTH_MAX = 5000;
const ROWS_DEFAULT = 500;
const ROWS_MAX = 1000;
const TIME_ZONE = /^([+-]?)([0-9]{1,2})(?::([0-9]{2}))?$/;
const EAST_MAX_MINUTES = 14 * 60;
const WEST_MAX_MINUTES = 12 * 60;

/** Reads what is left, then asks the market data of the symbol. */
function answer(
  call: Call,
  symbol: SymbolView | undefined,
  ask: (data: SymbolMarketData) => unknown,
): Answer {
  const { parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const data = symbol === undefined ? undefined : call.marketData.symbol(symbol.symbol);
  return JSON.stringify(data === undefined ? [] : ask(data));
}

function depth(call: Call): Answer {
  const symbol = readSymbol(call);
  const limit = readDepthLimit(call.parameters);
  checkStatus(call, symbol);
  return answer(call, symbol, (data) => data.depth(limit));
}

function readDepthLimit(parameters: Parameters): number {
  const limit = parameters.integer('limit') ?? DEPTH_DEFAULT;
  if (limit === 0) parameters.refuse(invalidData('limit'));
  return Math.min(limit, DEPTH_MAX);
}

/** `symbolStatus` of a query about one symbol. */
function checkStatus(call: Call, symbol: SymbolView | undefined): void {
  const { parameters } = call;
  const status = parameters.choice('symbolStatus', STATUSES, INVALID_SYMBOL_STATUS);
  if (status !== undefined && symbol !== undefined && statusOf(symbol) !== status) {
    parameters.refuse(SYMBOL_DOES_NOT_MATCH_STATUS);
  }
}

function trades(call: Call): Answer {
  const symbol = readSymbol(call);
  const limit = call.parameters.limit(ROWS_DEFAULT, ROWS_MAX);
  return answer(call, symbol, (data) => data.recentTrades(limit, call.unit));
}

function historicalTrades(call: Call): Answer {
  const symbol = readSymbol(call);
  const limit = call.parameters.limit(ROWS_DEFAULT, ROWS_MAX);
  const fromId = call.parameters.integer('fromId');
  return answer(call, symbol, (data) => data.historicalTrades(fromId, limit, call.unit));
}

/** No block trade is ever made here. */
function historicalBlockTrades(call: Call): Answer {
  const { parameters } = call;
  readSymbol(call);
  parameters.limit(ROWS_DEFAULT, ROWS_MAX);
  if (parameters.integer('fromId') === undefined) parameters.refuse(mandatory('fromId'));
  parameters.finish();
  return parameters.refusal ?? '[]';
}

function aggregateTrades(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const fromId = parameters.integer('fromId');
  const range = readRange(call);
  if (fromId !== undefined && (range.startTime !== undefined || range.endTime !== undefined)) {
    parameters.refuse(BAD_COMBINATION);
  }
  const query = fromId === undefined ? range : { ...range, fromId };
  return answer(call, symbol, (data) => data.aggregateTrades(query, call.unit));
}

function klines(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const text = parameters.mandatoryText('interval');
  const interval = Interval.names.find((it) => it === text);
  if (interval === undefined) parameters.refuse(INVALID_INTERVAL);
  const query = {
    ...readRange(call),
    interval: interval ?? '1m',
    timeZoneMinutes: readTimeZone(parameters),
  };
  return answer(call, symbol, (data) => data.klines(query, call.unit));
}

function readRange(call: Call): { startTime?: number; endTime?: number; limit: number } {
  const { parameters, nowMs } = call;
  const startTime = parameters.time('startTime', nowMs);
  const endTime = parameters.time('endTime', nowMs);
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) {
    parameters.refuse(invalidData('startTime'));
  }
  return {
    ...(startTime === undefined ? {} : { startTime }),
    ...(endTime === undefined ? {} : { endTime }),
    limit: parameters.limit(ROWS_DEFAULT, ROWS_MAX),
  };
}

/** '-1:00', '05:45', '0', '8': minutes east of UTC. */
export function readTimeZone(parameters: Parameters): number {
  const text = parameters.text('timeZone');
  if (text === undefined) return 0;
  const [, sign, hours = '0', minutes = '0'] = TIME_ZONE.exec(text.trim()) ?? [undefined, '', '99'];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const isValid = Number(minutes) < 60 && offset >= -WEST_MAX_MINUTES && offset <= EAST_MAX_MINUTES;
  if (!isValid) parameters.refuse(invalidData('timeZone'));
  return isValid ? offset : 0;
}

function averagePrice(call: Call): Answer {
  const symbol = readSymbol(call);
  return answer(call, symbol, (data) => data.averagePrice(call.unit));
}

function referencePrice(call: Call): Answer {
  const symbol = readSymbol(call);
  checkStatus(call, symbol);
  const { parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const price = symbol && call.marketData.symbol(symbol.symbol)?.referencePrice(call.unit);
  return price === undefined ? NO_REFERENCE_PRICE : JSON.stringify(price);
}

/** Reference prices are set by the operator, so that there is never a calculation to describe but an outside one. */
function referencePriceCalculation(call: Call): Answer {
  const symbol = readSymbol(call);
  checkStatus(call, symbol);
  const { parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const price = symbol && call.marketData.symbol(symbol.symbol)?.referencePrice();
  if (price === undefined) return NO_REFERENCE_PRICE;
  return '{"calculationType":"EXTERNAL","externalCalculationId":1}';
}

function depthWeight(parameters: Parameters): number {
  const limit = Number(parameters.peek('limit') ?? DEPTH_DEFAULT);
  if (!(limit > 100)) return 5;
  if (limit <= 500) return 25;
  return limit <= 1000 ? 50 : 250;
}

/** Source: binance-spot.md section 4.2. */
export const MARKET: readonly Operation[] = [
  publicQuery('depth', 'depth', depthWeight, depth),
  publicQuery('trades', 'trades.recent', 25, trades),
  publicQuery('historicalTrades', 'trades.historical', 25, historicalTrades),
  publicQuery('historicalBlockTrades', 'blockTrades.historical', 25, historicalBlockTrades),
  publicQuery('aggTrades', 'trades.aggregate', 4, aggregateTrades),
  publicQuery('klines', 'klines', 2, klines),
  publicQuery('uiKlines', 'uiKlines', 2, klines),
  publicQuery('avgPrice', 'avgPrice', 2, averagePrice),
  publicQuery('referencePrice', 'referencePrice', 2, referencePrice),
  publicQuery('referencePrice/calculation', 'referencePrice.calculation', 2, referencePriceCalculation),
];
