export { Gateway, type GatewayParts } from './gateway.ts';
export { type GatewayServerOptions, type RunningGateway, startGateway } from './server.ts';
export {
  type BalanceView,
  balanceViews,
  type OrderView,
  orderView,
  type PnlView,
  type PositionView,
  pnlViews,
  positionViews,
} from './views/books.ts';
export { describeCheck, describeEvent, describePostings, isNews } from './views/describe-event.ts';
export type { StatusView } from './views/status.ts';
