import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { sharedData, testWithSharedData } from '../../../tools/shared-data.ts';
import { readUserEvent } from '../model/read-user-event.ts';
import { readerOf } from './answer-readers.test-support.ts';

interface Recorded {
  readonly name: string;
  readonly body: string;
}

function recordingsOf(file: string): ReadonlyMap<string, unknown> {
  const lines = gunzipSync(readFileSync(sharedData(`fixtures/${file}`)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded & { readonly parses: boolean });
  return new Map(lines.filter(({ parses }) => parses).map(({ name, body }) => [name, JSON.parse(body)]));
}

const gunzippedJson = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(sharedData(file))).toString('utf8'));

/** Recordings of other projects, by the shape that they must have. */
const BINANCE_NET = {
  'Account/GetAPIKeyPermissions': 'apiRestrictions',
  'Account/GetCommissionRates': 'accountCommission',
  'Account/GetOrderRateLimitStatus': 'rateLimitOrder',
  'ExchangeData/GetAvgPrice': 'avgPrice',
  'ExchangeData/GetKlines': 'klines',
  'ExchangeData/GetUiKlines': 'klines',
  'ExchangeData/GetRecentTrades': 'trades',
  'Trading/CancelOrder': 'cancelOrder',
  'Trading/GetOcoOrder': 'orderList',
  'Trading/GetOpenOrders': 'openOrders',
  'Trading/GetOrder': 'queryOrder',
  'Trading/GetUserTrades': 'myTrades',
  'Trading/PlaceOcoOrderList': 'orderListOco',
  'Trading/PlaceOtocoOrderList': 'orderListOco',
  'Trading/PlaceOrder': 'orderFull',
  'Trading/PlaceTestOrder': 'orderTestCommission',
} as const;

const NAUTILUS = {
  'http_json/account_response.json': 'account',
  'http_json/all_orders_response.json': 'openOrders',
  'http_json/avg_price_response.json': 'avgPrice',
  'http_json/cancel_open_orders_response.json': 'cancelOpenOrders',
  'http_json/cancel_order_response.json': 'cancelOrder',
  'http_json/exchange_info_response.json': 'exchangeInfo',
  'http_json/klines_response.json': 'klines',
  'http_json/open_orders_response.json': 'openOrders',
  'http_json/order_response.json': 'queryOrder',
  'http_json/server_time_response.json': 'time',
  'http_json/trades_response.json': 'trades',
  'http_responses/http_spot_market_agg_trades.json': 'aggTrades',
  'http_responses/http_spot_market_avg_price.json': 'avgPrice',
  'http_responses/http_spot_market_depth.json': 'depth',
  'http_responses/http_spot_market_exchange_info.json': 'exchangeInfo',
  'http_responses/http_spot_market_klines.json': 'klines',
  'http_responses/http_spot_market_ping.json': 'ping',
  'http_responses/http_spot_market_time.json': 'time',
  'http_responses/http_spot_market_trades.json': 'trades',
} as const;

describe('answers that others have recorded', () => {
  testWithSharedData('of Binance.Net are read', () => {
    const recordings = recordingsOf('binance-net-rest-spot.jsonl.gz');
    for (const [name, shape] of Object.entries(BINANCE_NET)) {
      const body = recordings.get(`Endpoints/Spot/${name}`);
      expect({ name, reading: readerOf(shape).read(body) }).toMatchObject({ name, reading: { ok: true } });
    }
  });

  testWithSharedData('of NautilusTrader are read', () => {
    const recordings = recordingsOf('nautilus-spot.jsonl.gz');
    for (const [name, shape] of Object.entries(NAUTILUS)) {
      const reading = readerOf(shape).read(recordings.get(name));
      expect({ name, reading }).toMatchObject({ name, reading: { ok: true } });
    }
  });

  testWithSharedData('of all tickers of a day, among them symbols that nobody trades', () => {
    const reading = readerOf('ticker24hr').read(gunzippedJson('rest/ticker-24hr-all-2020-10-07.json.gz'));
    expect(reading.ok).toBe(true);
    const tickers = (reading.ok ? reading.value : []) as readonly {
      readonly firstTradeId: unknown;
      readonly ask: unknown;
    }[];
    // Both numbers stand in the description of the recording; one of the empty books still has a bid.
    expect(tickers.filter(({ firstTradeId }) => firstTradeId === undefined)).toHaveLength(273);
    expect(tickers.filter(({ ask }) => ask === undefined)).toHaveLength(274);
  });

  testWithSharedData('of exchange info, of the exchange and of its testnet', () => {
    for (const file of [
      'rest/exchangeInfo-binance-2020-10-07.json.gz',
      'rest/exchangeInfo-binance-2021-10-12.json.gz',
      'rest/exchangeInfo-testnet-2024-09-08.json.gz',
    ]) {
      const body = gunzippedJson(file) as { readonly symbols: readonly unknown[] };
      const reading = readerOf('exchangeInfo').read(body);
      expect(reading).toMatchObject({ ok: true });
      const rules = (reading.ok ? reading.value : {}) as {
        readonly instruments: ReadonlyMap<string, unknown>;
      };
      expect(rules.instruments.size).toBe(body.symbols.length);
    }
  });

  testWithSharedData('of user events are read, but for three that somebody wrote by hand', () => {
    const unread: string[] = [];
    let read = 0;
    for (const [name, body] of recordingsOf('nautilus-spot.jsonl.gz')) {
      if (!/user_data_json|execution_report/.test(name)) continue;
      const envelope = body as { readonly event?: unknown; readonly data?: unknown };
      const reading = readUserEvent(envelope.event ?? envelope.data ?? body);
      if (reading.ok) read += 1;
      else unread.push(`${name}: ${reading.error.path}`);
    }
    expect(read).toBeGreaterThanOrEqual(16);
    // No execution id, no list id, no prevention mode: the exchange sends them always (binance-spot.md section 9.3).
    expect(unread).toEqual([
      'user_data_json/execution_report_expired.json: $.I',
      'user_data_json/execution_report_new.json: $.I',
      'user_data_json/execution_report_trade.json: $.I',
    ]);
  });
});
