import { price, quantity, quoteAmount } from '../money/index.ts';
import type { OrderTerms, TimeInForce } from './index.ts';

export const market = (size: string): OrderTerms => ({ type: 'MARKET', quantity: quantity(size) });
export const spend = (amountOfQuote: string): OrderTerms => ({
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
