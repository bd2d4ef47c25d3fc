export { meanExposure, timeInMarket, turnover } from './activity.ts';
export { Drawdown } from './drawdown.ts';
export { sharpe, sortino, volatility } from './ratios.ts';
export { buyAndHoldReturn, cagr, calmar, periodReturns } from './returns.ts';
export { expectancy, profitFactor, winRate } from './round-trips.ts';
