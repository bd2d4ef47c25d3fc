import { formatRatio, type Ratio } from '@tradewind/core/money';
import type { SymbolView } from '../../exchange/index.ts';
import { timeIn } from '../../notation/time-unit.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { BAD_COMBINATION, INVALID_SYMBOL_STATUS, illegalCharacters } from '../refusal.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { findSymbol, readSelection, readSymbols, readTexts, statusOf } from './read-symbol.ts';

const STATUSES = ['TRADING', 'HALT', 'BREAK'] as const;
const LISTED_PERMISSIONS: readonly string[] = ['SPOT', 'MARGIN', 'LEVERAGED'];
const LEGAL_PERMISSIONS = '^(\\["[A-Z0-9_]{1,20}"(,"[A-Z0-9_]{1,20}"){0,}\\]|[A-Z0-9_]{1,20})$';
const PERMISSION = /^[A-Z0-9_]{1,20}$/;
/** Of the WebSocket API alone (binance-spot.md section 3.1). */
const CONNECTIONS = { rateLimitType: 'CONNECTIONS', interval: 'MINUTE', intervalNum: 5, limit: 300 };

const ping = (call: Call): Answer => {
  call.parameters.finish();
  return call.parameters.refusal ?? '{}';
};

const time = (call: Call): Answer => {
  call.parameters.finish();
  return call.parameters.refusal ?? `{"serverTime":${timeIn(call.unit, call.nowMs)}}`;
};

function exchangeInfo(call: Call): Answer {
  const { parameters, exchange } = call;
  const one = parameters.text('symbol');
  const many = parameters.text('symbols');
  const permissions = readPermissions(parameters);
  const showsPermissionSets = parameters.flag('showPermissionSets') ?? true;
  const status = parameters.choice('symbolStatus', STATUSES, INVALID_SYMBOL_STATUS);
  const ways = [one, many, permissions].filter((it) => it !== undefined).length;
  if (ways > 1 || (status !== undefined && (one !== undefined || many !== undefined))) {
    parameters.refuse(BAD_COMBINATION);
  }
  let symbols: readonly SymbolView[];
  if (one !== undefined) {
    const symbol = findSymbol(call, 'symbol', one);
    symbols = symbol === undefined ? [] : [symbol];
  } else if (many !== undefined) {
    symbols = readSymbols(call, many);
  } else {
    symbols = exchange.symbols.filter((it) => hasPermission(it, permissions ?? LISTED_PERMISSIONS));
  }
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  if (status !== undefined) symbols = symbols.filter((it) => statusOf(it) === status);

  const { exchangeInfo: info } = exchange;
  const limits = Array.isArray(info.rateLimits) ? (info.rateLimits as unknown[]) : [];
  return JSON.stringify({
    timezone: 'UTC',
    serverTime: timeIn(call.unit, call.nowMs),
    rateLimits: [
      ...limits.filter((it) => !isConnectionLimit(it)),
      ...(call.isWebSocket ? [CONNECTIONS] : []),
    ],
    exchangeFilters: info.exchangeFilters ?? [],
    symbols: symbols.map((it) => (showsPermissionSets ? it.entry : { ...it.entry, permissionSets: [] })),
    ...(info.sors === undefined ? {} : { sors: info.sors }),
  });
}

const isConnectionLimit = (limit: unknown): boolean =>
  typeof limit === 'object' &&
  limit !== null &&
  'rateLimitType' in limit &&
  limit.rateLimitType === 'CONNECTIONS';

function readPermissions(parameters: Parameters): readonly string[] | undefined {
  const text = parameters.text('permissions');
  if (text === undefined) return undefined;
  const names = text.startsWith('[') ? readTexts(text) : [text];
  if (names?.every((it) => PERMISSION.test(it))) return names;
  parameters.refuse(illegalCharacters('permissions', LEGAL_PERMISSIONS));
  return [];
}

/** Sets are joined by AND, what is inside a set by OR; a symbol is listed when any of the permissions appears in it. */
function hasPermission(symbol: SymbolView, permissions: readonly string[]): boolean {
  const sets = symbol.entry.permissionSets;
  if (!Array.isArray(sets) || sets.length === 0) return true;
  return sets.some((set) => Array.isArray(set) && set.some((it) => permissions.includes(String(it))));
}

function executionRules(call: Call): Answer {
  const { parameters, exchange } = call;
  const selection = readSelection(call, false);
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const symbolRules = selection.symbols.flatMap((it) => {
    const rule = exchange.priceRangeRule(it.symbol);
    if (rule === undefined) return selection.isAll ? [] : [{ symbol: it.symbol, rules: [] }];
    const multiplier = (ratio: Ratio | undefined): string | undefined =>
      ratio === undefined ? undefined : formatRatio(ratio);
    return [
      {
        symbol: it.symbol,
        rules: [
          {
            ruleType: 'PRICE_RANGE',
            bidLimitMultUp: multiplier(rule.bidLimitMultUp),
            bidLimitMultDown: multiplier(rule.bidLimitMultDown),
            askLimitMultUp: multiplier(rule.askLimitMultUp),
            askLimitMultDown: multiplier(rule.askLimitMultDown),
          },
        ],
      },
    ];
  });
  return JSON.stringify({ symbolRules });
}

/** How many names a JSON array has, before anybody has checked it. */
export function countOfSymbols(parameters: Parameters): number {
  const text = parameters.peek('symbols') ?? '';
  return text.split('"').length >> 1;
}

/** Source: binance-spot.md section 4.1. */
export const GENERAL: readonly Operation[] = [
  { rest: ['GET', '/api/v3/ping'], webSocket: 'ping', security: 'NONE', weight: 1, run: ping },
  { rest: ['GET', '/api/v3/time'], webSocket: 'time', security: 'NONE', weight: 1, run: time },
  {
    rest: ['GET', '/api/v3/exchangeInfo'],
    webSocket: 'exchangeInfo',
    security: 'NONE',
    weight: 20,
    run: exchangeInfo,
  },
  {
    rest: ['GET', '/api/v3/executionRules'],
    webSocket: 'executionRules',
    security: 'NONE',
    weight: (parameters) => {
      if (parameters.has('symbol')) return 2;
      return parameters.has('symbols') ? Math.min(2 * countOfSymbols(parameters), 40) : 40;
    },
    run: executionRules,
  },
];
