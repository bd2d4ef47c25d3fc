import { SYMBOLS } from '../world/settings.ts';
import { type HappeningKind, oneOf } from './happening.ts';

/** A symbol is taken from the list: its orders expire, it trades no more, and the exchange knows nothing of its name; until it is listed again. */
export const DELISTED: HappeningKind = {
  name: 'delisted',
  group: 'exchange',
  rows: ['M11'],
  lastsMs: [10_000, 60_000],
  begin: ({ simulator: { exchange, faults }, listings }, random) => {
    const symbol = oneOf(random, SYMBOLS);
    listings.unlisted.add(symbol);
    faults.perform({ fault: 'expire_orders', symbol });
    exchange.setSymbolStatus(symbol, 'BREAK');
    return {
      text: symbol,
      end: () => {
        listings.unlisted.delete(symbol);
        exchange.setSymbolStatus(symbol, 'TRADING');
      },
    };
  },
};
