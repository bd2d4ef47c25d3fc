export { Gateway, type GatewayParts } from './gateway.ts';
export { type GatewayServerOptions, type RunningGateway, startGateway } from './server.ts';
export type { BalanceView, OrderView, PnlView, PositionView } from './views/books.ts';
export { describeCheck, describeEvent, describePostings, isNews } from './views/describe-event.ts';
export type { StatusView } from './views/status.ts';
export type { StrategyView } from './views/strategies.ts';
