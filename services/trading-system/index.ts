export { checkKey, type KeyDemand } from './check-key.ts';
export {
  makeMarketData,
  makeOrderExecution,
  makeRiskManager,
  makeStrategyEngine,
  type OpenVenue,
  type ServiceOutside,
  VenueRulesNow,
} from './make-services.ts';
export { type SystemSettings, settingsOf } from './settings-of.ts';
export { describeMarketDataProblem, type SystemParts, TradingSystem } from './trading-system.ts';
export {
  VENUE_URLS,
  VenueConnection,
  type VenueSettings,
  type VenueUrls,
  type VenueWire,
} from './venue-connection.ts';
