export { checkKey, type KeyDemand } from './check-key.ts';
export type { OpenVenue, ServiceOutside } from './make-services.ts';
export { publisherOver } from './publisher.ts';
export { type SystemSettings, settingsOf } from './settings-of.ts';
export {
  type AloneOutside,
  type AtVenue,
  startMarketDataAlone,
  startOrderExecutionAlone,
  startRiskManagerAlone,
  startStrategyEngineAlone,
} from './start-alone.ts';
export { type SystemParts, TradingSystem } from './trading-system.ts';
export {
  VENUE_URLS,
  VenueConnection,
  type VenueSettings,
  type VenueUrls,
  type VenueWire,
} from './venue-connection.ts';
