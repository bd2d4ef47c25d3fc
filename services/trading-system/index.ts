export { checkKey, type KeyDemand } from './check-key.ts';
export { type SystemSettings, settingsOf } from './settings-of.ts';
export { type OpenVenue, type SystemParts, TradingSystem } from './trading-system.ts';
export { VENUE_URLS, VenueConnection, type VenueUrls, type VenueWire } from './venue-connection.ts';
