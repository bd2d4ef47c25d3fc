export { AddressLimits } from './limits/address-limits.ts';
export { readRateLimits } from './limits/read-rate-limits.ts';
export { RestApi } from './rest/rest-api.ts';
export { WebSocketApi } from './websocket-api/websocket-api.ts';
