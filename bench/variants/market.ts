import { type Bars, type Instrument, Interval } from '@tradewind/core/market';
import { type FillAssumptions, Slippage } from '@tradewind/core/matching/bars';
import { quantity, quoteAmount, ratio, toFraction } from '@tradewind/core/money';
import { generateBars } from '@tradewind/research/history';
import { knownInstrument } from '@tradewind/research/instruments';

const built = knownInstrument('BTCUSDT')!;
const fee = toFraction(ratio('0.001'))!;

/** BTCUSDT with all filters that bind its market orders, MARKET_LOT_SIZE included. */
export const instrument: Instrument = {
  ...built,
  filters: { ...built.filters, marketLot: { maximum: quantity('141') } },
};

export const assumptions: FillAssumptions = {
  fees: { maker: fee, taker: fee },
  slippage: new Slippage(0, 10_000),
  limitFill: 'through',
};

/** With 1 % of this in each trade, fees do not end the trading before the bars do. */
export const CASH = '1000000';
export const FRACTION = '0.01';
export const cash = [{ asset: 'USDT', amount: quoteAmount(CASH) }];

export const makeBars = (count: number): Bars =>
  generateBars({ symbol: 'BTCUSDT', interval: Interval.parse('1m')!, extent: { bars: count }, seed: 1 });
