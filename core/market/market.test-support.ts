import { price, quantity, quoteAmount } from '../money/index.ts';
import { type Bars, BarsBuilder, type Instrument, Interval, type IntervalName } from './index.ts';

/** A symbol that allows everything and has no filter, but for what is given. */
export function instrumentWith(change: Partial<Instrument> = {}): Instrument {
  return {
    symbol: 'BTCUSDT',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    status: 'TRADING',
    orderTypes: [
      'LIMIT',
      'MARKET',
      'LIMIT_MAKER',
      'STOP_LOSS',
      'STOP_LOSS_LIMIT',
      'TAKE_PROFIT',
      'TAKE_PROFIT_LIMIT',
    ],
    filters: { price: {}, lot: {} },
    unknownFilters: [],
    blockers: [],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteAmountMarketAllowed: true,
    trailingStopAllowed: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegAllowed: true,
    selfTradePreventionModes: ['EXPIRE_TAKER'],
    defaultSelfTradePrevention: 'EXPIRE_TAKER',
    ...change,
  };
}

/** What a test says of a symbol; the rest is as most symbols have it, without any bound. */
export interface TestRules {
  readonly tick?: string;
  readonly step?: string;
  readonly minimumNotional?: string;
  readonly minimumQuantity?: string;
  readonly maximumQuantity?: string;
}

/** A symbol written as 'BTC/USDT'. */
export function testInstrument(pair: string, rules: TestRules = {}): Instrument {
  const [baseAsset = '', quoteAsset = ''] = pair.split('/');
  const { tick = '0.01', step = '0.001', minimumNotional, minimumQuantity, maximumQuantity } = rules;
  return instrumentWith({
    symbol: baseAsset + quoteAsset,
    baseAsset,
    quoteAsset,
    filters: {
      price: { tick: price(tick) },
      lot: {
        step: quantity(step),
        ...(minimumQuantity === undefined ? {} : { minimum: quantity(minimumQuantity) }),
        ...(maximumQuantity === undefined ? {} : { maximum: quantity(maximumQuantity) }),
      },
      ...(minimumNotional === undefined
        ? {}
        : {
            notional: {
              minimum: quoteAmount(minimumNotional),
              minimumAppliesToMarket: true,
              maximumAppliesToMarket: false,
              averageMinutes: 5,
            },
          }),
    },
  });
}

/** A bar in which nothing happens, as a text for `testBars`. */
export const still = (at: string | number): string => `${at} ${at} ${at} ${at}`;

/**
 * Bars from texts 'open high low close', one interval apart; an empty text is a bar that is missing. Prices have two
 * decimals at most, the volume of each bar is 1.
 */
export function testBars(
  symbol: string,
  texts: readonly string[],
  name: IntervalName = '1m',
  startMs = 0,
): Bars {
  const interval = Interval.parse(name)!;
  const builder = new BarsBuilder(symbol, interval);
  let openTimeMs = startMs;
  for (const text of texts) {
    const [open = 0, high = 0, low = 0, close = 0] = text
      .split(' ')
      .map((word) => Math.round(Number(word) * 100));
    if (text !== '') builder.append(openTimeMs, open, high, low, close, 2, 1, 0);
    openTimeMs = interval.endOf(openTimeMs);
  }
  return builder.build();
}
