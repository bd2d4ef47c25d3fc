import { SYMBOLS } from '../world/settings.ts';
import { type HappeningKind, oneOf } from './happening.ts';

const FOR_MS = 40_000;

/** A symbol is taken from the list: its orders expire, it trades no more, and the exchange knows nothing of its name; until it is listed again. */
export const DELISTED: HappeningKind = {
  name: 'delisted',
  group: 'exchange',
  rows: ['M11'],
  lastsMs: [FOR_MS + 1_000, FOR_MS + 1_000],
  begin: ({ exchangeFaults, listings }, random) => {
    const symbol = oneOf(random, SYMBOLS);
    listings.unlisted.add(symbol);
    const endFaults = exchangeFaults.begin(
      [
        { fault: 'expire_orders', symbol },
        { fault: 'set_status', symbol, status: 'BREAK', for_ms: FOR_MS },
      ],
      random.nextUint32(),
    );
    return {
      text: symbol,
      end: () => {
        listings.unlisted.delete(symbol);
        endFaults();
      },
    };
  },
};
