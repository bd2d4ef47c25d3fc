export { type MarketDataOutside, type MarketDataProblem, MarketDataService } from './service.ts';
export { DEFAULT_MARKET_DATA_SETTINGS, type MarketDataSettings } from './settings.ts';
