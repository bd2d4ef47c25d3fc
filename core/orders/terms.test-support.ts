import { price, quantity, quoteAmount } from '../money/index.ts';
import type { MarketTerms, OrderTerms, TimeInForce } from './index.ts';

export const market = (size: string): MarketTerms => ({ type: 'MARKET', quantity: quantity(size) });
export const spend = (amountOfQuote: string): MarketTerms => ({
  type: 'MARKET',
  quoteAmount: quoteAmount(amountOfQuote),
});
export const limit = (size: string, at: string, timeInForce: TimeInForce = 'GTC'): OrderTerms => ({
  type: 'LIMIT',
  quantity: quantity(size),
  price: price(at),
  timeInForce,
});
export const maker = (size: string, at: string): OrderTerms => ({
  type: 'LIMIT_MAKER',
  quantity: quantity(size),
  price: price(at),
});
export const stop = (size: string, at: string): OrderTerms => ({
  type: 'STOP_LOSS',
  quantity: quantity(size),
  trigger: { stopPrice: price(at) },
});
export const stopLimit = (size: string, stopAt: string, at: string): OrderTerms => ({
  type: 'STOP_LOSS_LIMIT',
  quantity: quantity(size),
  price: price(at),
  timeInForce: 'GTC',
  trigger: { stopPrice: price(stopAt) },
});
