export { exposure, timeInMarket, turnover } from './activity.ts';
export { Drawdown, maxDrawdown } from './drawdown.ts';
export { sharpe, sortino, volatility } from './ratios.ts';
export { buyAndHoldReturn, cagr, calmar, equityWithoutFlows, periodReturns } from './returns.ts';
export { expectancy, profitFactor, winRate } from './round-trips.ts';
