import type { BookLevels } from '@tradewind/proto';
import { forgetOldest } from '@tradewind/utils';
import { SYMBOLS } from '../world/settings.ts';
import type { MakeCheck } from './check.ts';

/** Books of the exchange that are remembered for each symbol; what is told later than these is not compared. */
const KEPT = 5_000;

/** M1: a book that the system shows is the exchange's book as it was after that update, or nothing is shown. */
export const booksAreTrue: MakeCheck = (world, fail) => {
  const { exchange } = world.simulator;
  const changed = new Set<string>();
  const followed = new Set<string>();
  const best = new Map(SYMBOLS.map((symbol) => [symbol as string, new Map<number, string>()]));
  exchange.listen({ bookChange: ({ symbol }) => changed.add(symbol) });

  const remember = (symbol: string): void => {
    const books = best.get(symbol)!;
    books.set(exchange.lastUpdateId(symbol), textOf(exchange.bestBid(symbol), exchange.bestAsk(symbol)));
    forgetOldest(books, KEPT);
  };
  const compare = (name: string, { symbol, updateId, bids, asks }: BookLevels): void => {
    const was = best.get(symbol)?.get(updateId);
    const says = textOf(bids[0], asks[0]);
    if (was !== undefined && was !== says)
      fail(`${name} shows ${says} as the book of ${symbol} after update ${updateId}, and it was ${was}`);
  };
  const follow = (): void => {
    for (const { name, running } of world.processes) {
      if (running === undefined || followed.has(name)) continue;
      followed.add(name);
      running.services.marketData?.subscribe({ symbols: SYMBOLS, kinds: ['book'] }, (update) => {
        if (update.kind === 'book') compare(name, update.book);
      });
    }
  };

  return {
    name: 'M1 books are true',
    afterEach() {
      if (followed.size < world.processes.length) follow();
      if (changed.size === 0) return;
      for (const symbol of changed) remember(symbol);
      changed.clear();
    },
  };
};

type Best = BookLevels['bids'][number] | undefined;
const textOf = (bid: Best, ask: Best): string =>
  [bid, ask]
    .map((level) => (level === undefined ? 'nothing' : `${level.quantity} at ${level.price}`))
    .join(' / ');
