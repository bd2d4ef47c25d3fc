import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../../../tools/shared-data-folder.ts';

interface Recorded {
  readonly name: string;
  readonly body: string;
  /** Whether the body is JSON. */
  readonly parses: boolean;
}

function recordingsOf(file: string): ReadonlyMap<string, unknown> {
  const lines = gunzipSync(readFileSync(sharedData(`fixtures/${file}`)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
  return new Map(lines.filter(({ parses }) => parses).map(({ name, body }) => [name, JSON.parse(body)]));
}

export const gunzippedJson = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(sharedData(file))).toString('utf8'));

/** Recordings of other projects, by the shape that they must have. */
const BINANCE_NET = {
  'Account/GetAPIKeyPermissions': 'apiRestrictions',
  'Account/GetCommissionRates': 'accountCommission',
  'Account/GetOrderRateLimitStatus': 'rateLimitOrder',
  'Account/GetWithdrawalHistory': 'withdrawalHistory',
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

/** An answer that somebody has recorded, and the reader that must read it. */
export interface RecordedAnswer {
  readonly name: string;
  readonly reader: string;
  readonly body: unknown;
}

export function recordedAnswers(): readonly RecordedAnswer[] {
  const net = recordingsOf('binance-net-rest-spot.jsonl.gz');
  const nautilus = recordingsOf('nautilus-spot.jsonl.gz');
  return [
    ...Object.entries(BINANCE_NET).map(([name, reader]) => ({
      name,
      reader,
      body: net.get(`Endpoints/Spot/${name}`),
    })),
    ...Object.entries(NAUTILUS).map(([name, reader]) => ({ name, reader, body: nautilus.get(name) })),
  ];
}

export interface RecordedEvent {
  readonly name: string;
  readonly event: unknown;
}

/** User events out of whatever envelope they were recorded in. */
export function recordedEvents(): readonly RecordedEvent[] {
  return [...recordingsOf('nautilus-spot.jsonl.gz')]
    .filter(([name]) => /user_data_json|execution_report/.test(name))
    .map(([name, body]) => {
      const envelope = body as { readonly event?: unknown; readonly data?: unknown };
      return { name, event: envelope.event ?? envelope.data ?? body };
    });
}
