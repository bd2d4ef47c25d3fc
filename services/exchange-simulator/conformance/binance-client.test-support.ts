import { MainClient, WebsocketAPIClient, WebsocketClient } from 'binance';
import type { Trader, Venue } from './venue.test-support.ts';

/** The client of T. Siebler as it comes from npm; besides addresses and keys only its printing is switched off. */
const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };

export const restClient = (venue: Venue, trader?: Trader): MainClient =>
  new MainClient({
    baseUrl: venue.httpUrl,
    ...(trader === undefined ? {} : { api_key: trader.apiKey, api_secret: trader.secret }),
  });

export const streamClient = (venue: Venue): WebsocketClient =>
  new WebsocketClient({ wsUrl: venue.webSocketUrl, beautify: false }, silent);

export const webSocketApiClient = (venue: Venue, trader: Trader): WebsocketAPIClient =>
  new WebsocketAPIClient(
    {
      wsUrl: venue.webSocketUrl,
      api_key: trader.apiKey,
      api_secret: trader.secret,
      attachEventListeners: false,
      muteLatencyWarning: true,
    },
    silent,
  );
