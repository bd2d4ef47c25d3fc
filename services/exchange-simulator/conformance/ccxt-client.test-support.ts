import { pro } from 'ccxt';
import type { Trader, Venue } from './venue.test-support.ts';

export type CcxtClient = InstanceType<typeof pro.binance>;

/**
 * ccxt as it comes from npm, REST and streams. Besides addresses and keys only what belongs to other markets is switched off
 * (futures, margin, the list of currencies), and its own throttle: it would wait 0.2 s before each order. It also wants to be told
 * that WebSockets may go unencrypted.
 */
export async function ccxtClient(
  venue: Venue,
  trader: Trader | undefined,
  options: Readonly<Record<string, unknown>> = {},
): Promise<CcxtClient> {
  const client = new pro.binance({
    ...(trader === undefined ? {} : { apiKey: trader.apiKey, secret: trader.secret }),
    enableRateLimit: false,
    options: {
      fetchMarkets: { types: ['spot'] },
      fetchMargins: false,
      fetchCurrencies: false,
      // Asking for the orders of all symbols weighs more.
      fetchOpenOrders: { warnWithoutSymbol: false },
      ...options,
    },
    urls: {
      api: {
        public: `${venue.httpUrl}/api/v3`,
        private: `${venue.httpUrl}/api/v3`,
        sapi: `${venue.httpUrl}/sapi/v1`,
        ws: { spot: `${venue.webSocketUrl}/ws`, 'ws-api': { spot: `${venue.webSocketUrl}/ws-api/v3` } },
      },
    },
  });
  await client.loadHttpProxyAgent();
  return client;
}
