import { type Amount, add, formatAmount, negate, zero } from '@tradewind/core/money';
import { Account, OWNER, type Posting } from '@tradewind/core/portfolio';
import type { ExecutionReport } from '@tradewind/exchange-simulator';
import type { CommittedEvent } from '@tradewind/proto';
import type { World } from '../world/world.ts';
import type { MakeCheck } from './check.ts';
import { idsIntended } from './intended.ts';

type VenueFill = NonNullable<ExecutionReport['fill']>;
interface Traded {
  readonly fill: VenueFill;
  readonly placedClientOrderId: string;
  /** The ledger may have begun with what it brought. */
  mayBeInOpening: boolean;
}

/** I3: every trade of our account is booked once, with the exchange's own numbers: ours as fills, those of others as the owner's. */
export const fillsBookedOnce: MakeCheck = (world, fail) => {
  const traded = new Map<string, Traded>();
  const booked = new Set<string>();
  const intended = new Set<string>();
  /** Orders whose intents the store has lost: ours to those who still remember them, and the owner's after the next start. */
  const orphans = new Set<string>();

  const book = (key: string, isOurs: boolean, postings: readonly Posting[]): Traded | undefined => {
    const known = traded.get(key);
    if (known === undefined) fail(`the ledger books ${key}, which the exchange does not have`);
    else if (booked.has(key)) fail(`the ledger books ${key} twice`);
    else if (!orphans.has(known.placedClientOrderId) && intended.has(known.placedClientOrderId) !== isOurs)
      fail(`the ledger books ${key} of ${known.placedClientOrderId} as ${isOurs ? 'ours' : "the owner's"}`);
    else {
      const moved = differenceOf(effectOf(world, known.fill), sumOf(postings));
      if (moved !== undefined) fail(`booking ${key} moves ${moved}`);
    }
    booked.add(key);
    return known;
  };

  const bookEvent = (event: CommittedEvent): void => {
    if (event.kind === 'balance' && event.cause === 'opening')
      for (const each of traded.values()) each.mayBeInOpening = true;
    else if (event.kind === 'balance' && event.cause === 'external_fill') {
      // 'fill <symbol> <trade> <order>', the key that makes it impossible to book it twice.
      book((event.key ?? '').replace(/^fill /, ''), false, event.postings);
      if (event.postings.some(({ subAccount }) => subAccount !== OWNER))
        fail(`${event.key} of an order that is not ours moves what a strategy has`);
    } else if (event.kind === 'fill') {
      const { fill, venueOrderId, quoteAmount } = event;
      const known = book(keyOf({ ...fill, orderId: venueOrderId }), true, event.postings);
      if (known === undefined) return;
      const says = textOf({
        ...fill,
        fee: fill.fee.amount,
        feeAsset: fill.fee.asset,
        quote: quoteAmount,
        isMaker: fill.liquidity === 'MAKER',
      });
      const was = textOf({
        ...known.fill,
        clientOrderId: known.placedClientOrderId,
        side: known.fill.isBuyer ? 'BUY' : 'SELL',
        fee: known.fill.commission,
        feeAsset: known.fill.commissionAsset,
        quote: known.fill.quoteQuantity,
      });
      if (says !== was) fail(`the ledger says ${says} of a fill that was ${was}`);
    }
  };

  return {
    name: 'I3 every trade is booked once',
    reported({ fill, order: { placedClientOrderId } }) {
      if (fill !== undefined) traded.set(keyOf(fill), { fill, placedClientOrderId, mayBeInOpening: false });
    },
    lost(events) {
      for (const id of idsIntended(events)) orphans.add(id);
    },
    committed(events) {
      for (const event of events) {
        for (const id of idsIntended([event])) intended.add(id);
        bookEvent(event);
      }
    },
    async atRest() {
      for (const [key, { placedClientOrderId, mayBeInOpening }] of traded)
        if (!booked.has(key) && !mayBeInOpening)
          fail(`the ledger has no trade ${key} of ${placedClientOrderId}`);
    },
  };
};

const keyOf = ({ symbol, tradeId, orderId }: Pick<VenueFill, 'symbol' | 'tradeId' | 'orderId'>): string =>
  `${symbol} ${tradeId} ${orderId}`;

interface Numbers extends Pick<VenueFill, 'quantity' | 'price' | 'isMaker'> {
  readonly clientOrderId: string;
  readonly side: string;
  readonly fee: Amount;
  readonly feeAsset: string;
  readonly quote: VenueFill['quoteQuantity'];
}
const textOf = ({ clientOrderId, side, quantity, price, quote, fee, feeAsset, isMaker }: Numbers): string =>
  `${clientOrderId} ${side} ${quantity} at ${price} for ${quote}, fee ${fee} ${feeAsset}, ${isMaker ? 'maker' : 'taker'}`;

/** By how much a trade changes what the account has, by asset. */
function effectOf(world: World, fill: VenueFill): Map<string, Amount> {
  const { baseAsset, quoteAsset } = world.simulator.exchange.symbol(fill.symbol)!.instrument;
  const base: Amount = fill.quantity;
  const quote: Amount = fill.quoteQuantity;
  return summed([
    [baseAsset, fill.isBuyer ? base : negate(base)],
    [quoteAsset, fill.isBuyer ? negate(quote) : quote],
    [fill.commissionAsset, negate<string, 8>(fill.commission)],
  ]);
}

const sumOf = (postings: readonly Posting[]): Map<string, Amount> =>
  summed(
    postings
      .filter(({ account }) => account === Account.free || account === Account.locked)
      .map(({ asset, amount }) => [asset, amount]),
  );

function summed(changes: readonly (readonly [asset: string, change: Amount])[]): Map<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const [asset, change] of changes) sums.set(asset, add(sums.get(asset) ?? zero<Amount>(), change));
  return sums;
}

/** @returns the first asset of which two changes are not the same, as a sentence */
function differenceOf(was: Map<string, Amount>, says: Map<string, Amount>): string | undefined {
  for (const asset of new Set([...was.keys(), ...says.keys()])) {
    const [one, other] = [was.get(asset) ?? zero<Amount>(), says.get(asset) ?? zero<Amount>()];
    if (one !== other) return `${formatAmount(other)} ${asset}, and the trade moved ${formatAmount(one)}`;
  }
  return undefined;
}
