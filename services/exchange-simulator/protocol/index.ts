export type { RestHandler, WebSocketApiHandler } from './handlers.ts';
export { AddressLimits, type AddressUsage, BAN_RULES, type BanRules } from './limits/address-limits.ts';
export { readRateLimits } from './limits/read-rate-limits.ts';
export { RestApi } from './rest/rest-api.ts';
export type { ProtocolServices, WebSocketApiServices } from './services.ts';
export { readTimeUnit, type TimeUnit, timeIn } from './time-unit.ts';
export { WebSocketApi } from './websocket-api/websocket-api.ts';
