import type { HttpRequest } from '@tradewind/binance';
import { maximum, type Price, price, type Quantity, quantity } from '@tradewind/core/money';

/** An order that a request may place, as it stands in its parameters. */
export interface Placement {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  /** Zero where it is not stated. */
  readonly quantity: Quantity;
  /** The dearest that it states; zero without one. */
  readonly price: Price;
}

/** What the parameters of each order begin with (binance-spot.md section 4): side and quantity of a pair stand before both. */
const ORDERS = [
  { own: 'new', pair: '' },
  { own: 'working', pair: 'working' },
  { own: 'above', pair: '' },
  { own: 'below', pair: '' },
  { own: 'pending', pair: 'pending' },
  { own: 'pendingAbove', pair: 'pending' },
  { own: 'pendingBelow', pair: 'pending' },
] as const;

/** Every order that a request asks the exchange to place; none for questions, cancels and amendments. */
export function placementsIn({ method, url, body }: HttpRequest): readonly Placement[] {
  const [address = '', query = ''] = url.split('?');
  if (method !== 'POST' || address.endsWith('/order/test') || !/\/(order|orderList)(\/|$)/.test(address))
    return [];
  const parameters = new URLSearchParams(`${query}&${body ?? ''}`);
  const symbol = parameters.get('symbol') ?? '';
  return ORDERS.flatMap(({ own, pair }) => {
    const of = (prefix: string, name: string): string | null =>
      parameters.get(prefix === '' ? `${name[0]!.toLowerCase()}${name.slice(1)}` : `${prefix}${name}`);
    const clientOrderId = of(own, 'ClientOrderId');
    if (clientOrderId === null) return [];
    const terms = own === 'new' ? '' : own;
    const prices = [of(terms, 'Price'), of(terms, 'StopPrice')].map((text) => price(text ?? '0'));
    return [
      {
        clientOrderId,
        symbol,
        side: of(pair, 'Side') as Placement['side'],
        quantity: quantity(of(pair, 'Quantity') ?? '0'),
        price: prices.reduce(maximum),
      },
    ];
  });
}
