import type { Bars } from '@tradewind/core/market';

/** Fills in columns; times in epoch ms, lots of 0.00001 BTC, ticks of 0.01 USDT, fees in 10^-8 of BTC (BUY) or USDT (SELL). */
export interface FillColumns {
  readonly times: Float64Array;
  readonly lots: Float64Array;
  readonly prices: Float64Array;
  readonly fees: Float64Array;
}

/** Amounts in 10^-8. */
export interface BareOutcome {
  readonly fills: number;
  readonly refused: number;
  readonly quote: number;
  readonly base: number;
  readonly realizedPnl: number;
  readonly drawdown: number;
  readonly exposureSum: number;
  readonly days: number;
}

/**
 * The floor: an EMA cross 12/26 on BTCUSDT with fraction 0.01 and fees of 0.1 %, as one would write it for this one
 * strategy, symbol and order type. It does the arithmetic of the engine and nothing else: signals on closed bars, market
 * orders through the symbol's filters, fills at the next open, fees rounded against us, average cost, equity and drawdown.
 * The bars have no gaps, and there are more than 26 of them.
 * Amounts are integers in doubles, exact below 2^53. It keeps no books, takes no other order, and can lose its way in
 * silence; that is what the engine's time beyond it is spent on.
 */
export function runBareLoop(bars: Bars, cashAtoms: number, fills: FillColumns): BareOutcome {
  const { open, close, length } = bars;
  const fastWeight = 2 / 13;
  const slowWeight = 2 / 27;
  const startMs = bars.runs[0]!.openTimeMs;
  let time = startMs + 26 * 60_000;
  let dayEnd = (Math.floor(startMs / 86_400_000) + 1) * 86_400_000;
  let days = 0;
  let fast = 0;
  let slow = 0;
  let quote = cashAtoms;
  let base = 0;
  let cost = 0;
  let realized = 0;
  let buying = 0;
  let selling = 0;
  let count = 0;
  let refused = 0;
  let cash = quote / 1e8;
  let held = 0;
  let peak = cash;
  let deepest = 0;
  let exposure = 0;
  // The seed of each average is the mean of its first values, as in TA-Lib; nothing can cross before both are there.
  for (let i = 0; i < 12; i += 1) fast += close[i]! / 100;
  fast /= 12;
  for (let i = 12; i < 26; i += 1) fast += fastWeight * (close[i]! / 100 - fast);
  for (let i = 0; i < 26; i += 1) slow += close[i]! / 100;
  slow /= 26;
  for (let i = 26; i < length; i += 1) {
    const ticks = close[i]!;
    const value = ticks / 100;

    // What was ordered on the last bar trades at this one's open.
    if (buying !== 0 || selling !== 0) {
      const price = open[i]!;
      if (buying !== 0) {
        const lots = Math.floor(buying / (price * 10));
        if (lots > 0) {
          const paid = price * lots * 10;
          const quantity = lots * 1000;
          const fee = Math.ceil(quantity / 1000);
          quote -= paid;
          base += quantity - fee;
          cost += paid;
          fills.times[count] = time;
          fills.lots[count] = lots;
          fills.prices[count] = price;
          fills.fees[count] = fee;
          count += 1;
        }
      } else {
        const proceeds = price * selling * 10;
        const quantity = selling * 1000;
        const fee = Math.ceil(proceeds / 1000);
        const kept = base - quantity;
        const released =
          kept < quantity ? cost - Math.floor((cost * kept) / base) : Math.ceil((cost * quantity) / base);
        quote += proceeds - fee;
        base = kept;
        cost -= released;
        realized += proceeds - fee - released;
        fills.times[count] = time;
        fills.lots[count] = selling;
        fills.prices[count] = price;
        fills.fees[count] = fee;
        count += 1;
      }
      buying = 0;
      selling = 0;
      cash = quote / 1e8;
      held = base / 1e8 / 100;
      const equity = cash + held * ticks;
      if (equity > peak) peak = equity;
      else if ((peak - equity) / peak > deepest) deepest = (peak - equity) / peak;
    }

    time += 60_000;
    if (time > dayEnd) {
      days += 1;
      dayEnd += 86_400_000;
    }
    if (held > 0) {
      const worth = held * ticks;
      const equity = cash + worth;
      if (equity > peak) peak = equity;
      else if ((peak - equity) / peak > deepest) deepest = (peak - equity) / peak;
      exposure += worth / equity;
    }

    const fastBefore = fast;
    const slowBefore = slow;
    fast += fastWeight * (value - fast);
    slow += slowWeight * (value - slow);
    if (fastBefore <= slowBefore && fast > slow) {
      if (base >= 1000) continue;
      const spend = Math.floor(quote / 100);
      const lots = Math.floor(spend / (ticks * 10));
      // LOT_SIZE, MARKET_LOT_SIZE and NOTIONAL of BTCUSDT.
      if (spend < 5e8 || lots < 1 || lots > 9e8 || lots > 141e5) refused += 1;
      else buying = spend;
    } else if (fastBefore >= slowBefore && fast < slow) {
      const lots = Math.floor(base / 1000);
      if (lots === 0) continue;
      if (lots > 9e8 || lots > 141e5 || ticks * lots * 10 < 5e8) refused += 1;
      else selling = lots;
    }
  }
  return {
    fills: count,
    refused,
    quote,
    base,
    realizedPnl: realized,
    drawdown: deepest,
    exposureSum: exposure,
    days,
  };
}
