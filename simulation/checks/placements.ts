import type { HttpRequest } from '@tradewind/binance';

/** An order that a request may place, as it stands in its parameters. */
export interface Placement {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
}

/** Parameters that name the orders of binance-spot.md section 4, with the side of each. */
const NAMES = [
  'newClientOrderId',
  'workingClientOrderId',
  'aboveClientOrderId',
  'belowClientOrderId',
] as const;
const PENDING = ['pendingClientOrderId', 'pendingAboveClientOrderId', 'pendingBelowClientOrderId'] as const;

/** Every order that a request asks the exchange to place; none for questions, cancels and amendments. */
export function placementsIn({ method, url, body }: HttpRequest): readonly Placement[] {
  const [address, query = ''] = url.split('?');
  if (
    method !== 'POST' ||
    address?.endsWith('/order/test') ||
    !/\/(order|orderList)(\/|$)/.test(address ?? '')
  )
    return [];
  const parameters = new URLSearchParams(`${query}&${body ?? ''}`);
  const symbol = parameters.get('symbol') ?? '';
  const side = (parameters.get('side') ?? parameters.get('workingSide')) as Placement['side'];
  const pendingSide = (parameters.get('pendingSide') ?? side) as Placement['side'];
  const named = (names: readonly string[], of: Placement['side']): Placement[] =>
    names.flatMap((name) => {
      const clientOrderId = parameters.get(name);
      return clientOrderId === null ? [] : [{ clientOrderId, symbol, side: of }];
    });
  return [...named(NAMES, side), ...named(PENDING, pendingSide)];
}
