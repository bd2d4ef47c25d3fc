import { add, formatAmount } from '@tradewind/core/money';
import { AccountBooks } from '@tradewind/core/portfolio';
import type { MakeCheck } from './check.ts';

/** I5: at rest books and exchange agree on every asset to the last digit, or else, and only then, a break of that asset has a name. */
export const booksAtRest: MakeCheck = (world, fail) => ({
  name: 'I5 money is conserved',
  async atRest() {
    const { balances, breaks } = await world.store.ledger.load();
    const books = new AccountBooks();
    for (const posting of balances) books.restoreBalance(posting);
    const venue = new Map(
      world.simulator.exchange
        .balances(world.account)
        .map(({ asset, free, locked }) => [asset, formatAmount(add(free, locked))]),
    );
    for (const asset of new Set([...venue.keys(), ...books.assets()])) {
      const has = venue.get(asset) ?? '0';
      const says = formatAmount(books.total(asset));
      const isNamed = breaks.some((each) => each.name === `asset ${asset}`);
      if ((has !== says) !== isNamed)
        fail(
          `the exchange has ${has} ${asset}, the books say ${says}, and ${isNamed ? 'a' : 'no'} break names it`,
        );
    }
  },
});
