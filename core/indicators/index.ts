export { Atr, type AtrState } from './atr.ts';
export { BollingerBands, type BollingerBandsState } from './bollinger-bands.ts';
export { crossesAbove, crossesBelow } from './crossing.ts';
export { Donchian, type DonchianState } from './donchian.ts';
export { Ema, type EmaState } from './ema.ts';
export type { Indicator } from './indicator.ts';
export { Macd, type MacdPeriods, type MacdState } from './macd.ts';
export { Rsi, type RsiState } from './rsi.ts';
export { Sma, type SmaState } from './sma.ts';
