/**
 * A second backtester, for tests only: slow, straight-line and independent of core, so that the fast engine can be
 * compared with it to the last digit. It follows the fill contract for bars (docs/fills.md) rule by rule; whoever
 * doubts it can read it in the order of the contract:
 *
 *   rule 1   the loops in ema-cross.ts and scripted-orders.ts trade first and let orders be placed last
 *   rule 2   slippedPrice in account.ts, floorQuotientToStep in exact-decimals.ts
 *   rule 3   tradeAtTheOpen, triggerStopLossesInsideTheBar and tradeBetterInsideTheBar in scripted-orders.ts
 *   rule 4   settle and buyCost in account.ts (fees in base or quote; a fee paid in a third asset is not modelled)
 *   rule 5   the end of both loops; bars are taken as they come, whatever time lies between them
 *   rule 6   ema-cross.ts
 *
 * Where the contract leaves something open, this is the reading taken, the worse for us where they differ:
 *
 *  1. Money is booked in this order: the quote received by a SELL is rounded down, and the fee is the rate on that
 *     rounded amount (it is what is received), rounded up. A fee on a BUY is taken from the full bought quantity.
 *  2. Holdings in the final equity are a quote amount, so they are rounded down at 8 decimals.
 *  3. With a slippage of 0 nothing is moved, hence nothing is rounded to the tick. A slipped price may lie outside
 *     the range of its bar. A slipped SELL price never falls below one tick: nothing can be sold for nothing.
 *  4. A bar without volume trades like every other.
 *  5. The balance, the bounds and the notional are checked at placement and by the close just seen; at the fill only
 *     the cost of a BUY by quantity is checked again. The first reason counts: zero amount, the notional of a quote
 *     amount, less than one step for it, quantity too small, quantity too large, the notional of a quantity, balance.
 *  6. A limit opened beyond trades at the open. In the bar after its placement it is the taker, later the maker, and
 *     so is a stop-limit that has rested since it triggered. A LIMIT_MAKER trades at its own price, as a maker. An open
 *     equal to the limit is not beyond: the order then needs the bar to trade through it (or touch it).
 *  7. A stop whose price equals the open is reached at the open. A stop that the close just seen has reached, and a
 *     LIMIT_MAKER at that close or beyond, are refused at placement.
 *  8. A stop order to BUY at the market locks stop price x quantity, rounded up.
 *  9. A trigger cancels the other order of its pair at once, even when the triggered order then rests as a limit or
 *     is refused for want of balance.
 * 10. A stop-limit is marketable when the trigger price is its limit or better. One that is not, at the open or
 *     inside the bar, rests and cannot trade before the next bar, however far this one moves.
 * 11. Within a bar: at the open everything in the order placed; then the stop-losses, the worse for us, in the order
 *     placed; then take-profits and limits, the better, in the order placed. So of a stop and a target of one pair
 *     inside one bar the stop comes first.
 * 12. A pair of which one order is refused or that cannot be afforded is refused as a whole, each order counted.
 * 13. Orders placed after the last bar expire like all that wait then. An order that buys less than one step for its
 *     quote amount at the fill price expires too, and its quote is free again.
 */
export {
  type EmaCrossOptions,
  referenceEmaCross,
} from './ema-cross.ts';
export { type Row, readRows } from './read-rows.ts';
export type { ScriptedOrder } from './script.ts';
export {
  referenceOrders,
  type ScriptOptions,
  type ScriptResult,
} from './scripted-orders.ts';
