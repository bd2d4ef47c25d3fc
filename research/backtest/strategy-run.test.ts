import { formatAmount, price, quantity, quoteAmount, ratio } from '@tradewind/core/money';
import type { Context, OrderUpdate } from '@tradewind/core/strategy';
import { describe, expect, test } from 'vitest';
import { limit, maker, market, stop } from '../../core/orders/terms.test-support.ts';
import {
  atBars,
  fillsOf,
  freeOf,
  ordersOf,
  play,
  scripted,
  still,
  testBars,
  testInstrument,
  testMarket,
} from './test-market.test-support.ts';

const MINUTE = 60_000;

/** 'now: tag kind', with the reason, the price or nothing, and when it happened. */
const lineOf = (update: OrderUpdate, nowMs: number): string => {
  const detail = 'reason' in update ? ` ${update.reason}` : '';
  return `${nowMs / MINUTE}: ${update.tag} ${update.kind}${detail} at ${update.timeMs / MINUTE}`;
};

/** Plays steps on one market whose bars are given, and tells every update and bar that the strategy hears. */
function hear(
  bars: readonly string[],
  steps: (context: Context) => Record<number, () => void>,
  cash?: string[],
) {
  const heard: string[] = [];
  const outcome = play(
    scripted((context) => {
      const run = atBars(steps(context))();
      return {
        onBar: (bar) => {
          heard.push(`${context.nowMs / MINUTE}: bar`);
          run.onBar!(bar);
        },
        onOrder: (update) => heard.push(lineOf(update, context.nowMs)),
      };
    }),
    { markets: [testMarket('BTC/USDT', bars)], ...(cash === undefined ? {} : { cash }) },
  );
  return { heard, outcome };
}

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (thrown) {
    return thrown;
  }
};

describe('order updates', () => {
  test('tell of each order what became of it, in the order in which it happened, before the bar that showed it', () => {
    const { heard } = hear([still(100), '100 101 94 100', '100 106 100 100', still(100)], (context) => ({
      0: () => {
        context.market().buy(market('1'), 'entry');
        context.market().buy(limit('1', '95'), 'lower');
        context.market().buy(limit('1', '90', 'IOC'), 'now');
        context.market().buy(market('100'), 'too much');
        context.market().sell(stop('1', '100'), 'reached');
      },
      1: () => {
        context.market().sell(limit('0.5', '105'), 'exit');
        context.market().cancel(context.market().sell(limit('0.5', '200'), 'second thoughts'));
      },
    }));
    expect(heard).toEqual([
      '1: bar',
      '1: entry accepted at 1',
      '1: lower accepted at 1',
      '1: now accepted at 1',
      '1: too much refused insufficient_balance at 1',
      '1: reached refused would_trigger_immediately at 1',
      '2: entry filled at 1',
      '2: now expired unfilled_ioc_quantity_expired at 1',
      '2: lower filled at 1',
      '2: bar',
      '2: exit accepted at 2',
      '2: second thoughts accepted at 2',
      '2: second thoughts canceled at 2',
      '3: exit filled at 2',
      '3: bar',
      '4: bar',
    ]);
  });

  test('bring the fill with its fee, and its tag travels to the report', () => {
    const fills: unknown[] = [];
    const outcome = play(
      scripted((context) => ({
        ...atBars({
          0: () => context.market().buy({ type: 'MARKET', quoteAmount: quoteAmount('500') }, 'why'),
        })(),
        onOrder: (update) => {
          if (update.kind === 'filled') fills.push(update.fill);
        },
      })),
      { markets: [testMarket('BTC/USDT', [still(100), '101 102 100 101'])] },
    );
    expect(fills).toEqual([
      expect.objectContaining({
        strategy: 'scripted',
        symbol: 'BTCUSDT',
        side: 'BUY',
        quantity: quantity('4.95'),
        price: price('101'),
        fee: { asset: 'BTC', amount: quantity('0.00495') },
        liquidity: 'TAKER',
        tradeId: 1,
        timeMs: MINUTE,
        tag: 'why',
      }),
    ]);
    expect(fillsOf(outcome)).toEqual(['1 BUY 4.95 @ 101, 0.00495 BTC TAKER (why)']);
  });

  test('an order that is too dear at the fill is told as refused, as one that was never taken', () => {
    const { heard, outcome } = hear([still(100), still(101)], (context) => ({
      0: () => context.market().buy(market('10'), 'all'),
    }));
    expect(heard).toEqual([
      '1: bar',
      '1: all accepted at 1',
      '2: all refused insufficient_balance at 1',
      '2: bar',
    ]);
    expect([...outcome.desk.refusals]).toEqual([['insufficient_balance', 1]]);
  });

  test('orders placed while updates are told are answered at the same instant', () => {
    const kinds: string[] = [];
    play(
      scripted((context) => ({
        ...atBars({ 0: () => context.market().buy(market('1'), 'entry') })(),
        onOrder: ({ kind, tag }) => {
          kinds.push(`${context.nowMs / MINUTE} ${tag} ${kind}`);
          if (kind === 'filled' && tag === 'entry') context.market().sell(stop('0.9', '90'), 'stop');
        },
      })),
      { markets: [testMarket('BTC/USDT', [still(100), '100 100 90 100', '100 100 89 90', still(90)])] },
    );
    // Placed at the close of the bar that filled the entry: that bar's low cannot trigger it.
    expect(kinds).toEqual(['1 entry accepted', '2 entry filled', '2 stop accepted', '3 stop filled']);
  });

  test('a strategy that answers every refusal with an order is stopped', () => {
    const stubborn = scripted((context) => ({
      ...atBars({ 0: () => context.market().sell(market('1')) })(),
      onOrder: () => context.market().sell(market('1')),
    }));
    const failure = thrownBy(() => play(stubborn, { markets: [testMarket('BTC/USDT', [still(100)])] }));
    expect(failure).toMatchObject({
      name: 'RunFailure',
      cause: { message: expect.stringMatching(/without end/) },
    });
  });

  test('what waits when the data end is listed as expired, and the strategy is not told', () => {
    const { heard, outcome } = hear([still(100)], (context) => ({
      0: () => context.market().buy(market('1'), 'late'),
    }));
    expect(heard).toEqual(['1: bar', '1: late accepted at 1']);
    expect(ordersOf(outcome)).toEqual(['MARKET BUY late: expired end_of_data']);
    expect(freeOf(outcome, 'USDT')).toBe('1000');
  });
});

test('until every input has brought its warm-up, orders are refused', () => {
  const order = (context: Context) => () =>
    context.market().buy(market('1'), `bar ${context.nowMs / MINUTE}`);
  const outcome = play(
    scripted((context) => atBars({ 0: order(context), 1: order(context), 2: order(context) })(), {
      warmup: () => 3,
    }),
    { markets: [testMarket('BTC/USDT', Array(4).fill(still(100)))] },
  );
  expect(ordersOf(outcome)).toEqual([
    'MARKET BUY bar 1: refused warming_up',
    'MARKET BUY bar 2: refused warming_up',
    'MARKET BUY bar 3: filled',
  ]);
});

test('timers fire when bars close, after the updates of that instant and before its bar, across gaps too', () => {
  const heard: string[] = [];
  play(
    scripted((context) => ({
      ...atBars({ 0: () => context.market().buy(market('1'), 'entry') }, {})(),
      onStart: () => {
        context.setTimer('two', 2 * MINUTE);
        context.setTimer('in the gap', 3.5 * MINUTE);
      },
      onBar: (bar) => {
        heard.push(`${context.nowMs / MINUTE} bar`);
        if (bar.count === 1) context.market().buy(market('1'), 'entry');
      },
      onTimer: (name) => heard.push(`${context.nowMs / MINUTE} ${name}`),
      onOrder: ({ kind }) => heard.push(`${context.nowMs / MINUTE} ${kind}`),
    })),
    { markets: [testMarket('BTC/USDT', [still(100), still(100), '', '', still(100)])] },
  );
  expect(heard).toEqual(['1 bar', '1 accepted', '2 filled', '2 two', '2 bar', '5 in the gap', '5 bar']);
});

describe('several symbols', () => {
  test('trade each at its own bars, from one purse, and are told in the order of the setup', () => {
    const heard: string[] = [];
    const btc = testMarket('BTC/USDT', [still(100), still(110), still(120)]);
    const eth = testMarket('ETH/USDT', [still(10), '', still(12)]);
    const outcome = play(
      scripted((context) => ({
        onBar: (bar) => {
          heard.push(`${context.nowMs / MINUTE} ${bar.symbol} ${formatAmount(context.equity()!)}`);
          if (bar.count === 1)
            context.market(bar.symbol).buy({ type: 'MARKET', quoteAmount: quoteAmount('500') }, bar.symbol);
        },
      })),
      { markets: [btc, eth] },
    );
    expect(fillsOf(outcome)).toEqual([
      // 500 / 110 and 500 / 12
      '1 BUY 4.545 @ 110, 0.004545 BTC TAKER (BTCUSDT)',
      '2 BUY 41.666 @ 12, 0.041666 ETH TAKER (ETHUSDT)',
    ]);
    // 500.05 + 4.540455 x 110; then 0.058 + 4.540455 x 120 + 41.624334 x 12
    expect(heard).toEqual([
      '1 BTCUSDT 1000',
      '1 ETHUSDT 1000',
      '2 BTCUSDT 999.50005',
      '3 BTCUSDT 1044.404608',
      '3 ETHUSDT 1044.404608',
    ]);
  });

  test('bars of different lengths are refused: an order could be canceled after it has traded', () => {
    const fast = testMarket('BTC/USDT', Array(11).fill(still(100)));
    const instrument = testInstrument('ETH/USDT');
    const slow = { instrument, bars: testBars('ETHUSDT', [still(10), still(11), still(12)], '5m') };
    const run = () =>
      play(
        scripted(() => ({})),
        { markets: [fast, slow] },
      );
    expect(run).toThrow('needs bars of one length for all symbols, and has 1m, 5m');
  });

  test('at one instant all markets open before any goes on: none pays with what another only earns later', () => {
    // 100 in cash: the limit of BTC brings 110 inside the bar in which ETH opens at 105.
    const markets = [
      testMarket('BTC/USDT', [still(100), '100 120 100 110']),
      testMarket('ETH/USDT', [still(100), still(105)]),
    ];
    const orders = (context: Context) => {
      context
        .market('BTCUSDT')
        .sell({ type: 'LIMIT', quantity: quantity('1'), price: price('110'), timeInForce: 'GTC' }, 'earns');
      context.market('ETHUSDT').buy(market('1'), 'spends');
    };
    for (const order of [markets, markets.toReversed()]) {
      const outcome = play(
        scripted((context) => ({
          onBar: ({ symbol, count }) => {
            if (symbol === 'ETHUSDT' && count === 1) orders(context);
          },
        })),
        {
          markets: order,
          cash: ['100 USDT', '1 BTC'],
        },
      );
      expect(ordersOf(outcome).toSorted()).toEqual([
        'LIMIT SELL earns: filled',
        'MARKET BUY spends: refused insufficient_balance',
      ]);
    }
  });
});

describe('order lists', () => {
  const bars = [still(100), '100 101 94 96', '96 111 95 100', still(100)];

  test('an entry with stop and target below the market is taken before it is reached, and ends by one of both', () => {
    // The target of 98 lies below the last price of 100: it is compared with the price when its turn comes.
    const { heard } = hear(bars, (context) => ({
      0: () =>
        context.market().otoco('BUY', limit('1', '95'), maker('0.9', '98'), stop('0.9', '90'), 'bracket'),
    }));
    expect(heard).toEqual([
      '1: bar',
      '1: bracket accepted at 1',
      '1: bracket accepted at 1',
      '1: bracket accepted at 1',
      '2: bracket filled at 1',
      '2: bar',
      '3: bracket filled at 2',
      '3: bracket expired oco_trigger at 2',
      '3: bar',
      '4: bar',
    ]);
  });

  test('a pair of exits: one ends the other; a pair on the wrong side of the market is refused whole', () => {
    const { outcome } = hear(
      bars,
      (context) => ({
        0: () => {
          context.market().oco('SELL', maker('1', '110'), stop('1', '90'), 'right');
          context.market().oco('SELL', maker('1', '110'), stop('1', '105'), 'wrong');
          context.market().oco('SELL', maker('1', '90'), stop('1', '80'), 'also wrong');
          context.market().oco('BUY', maker('1', '110'), stop('1', '90'), 'types');
        },
      }),
      ['0 USDT', '10 BTC'],
    );
    expect(ordersOf(outcome)).toEqual([
      'LIMIT_MAKER SELL right: filled',
      'STOP_LOSS SELL right: expired oco_trigger',
      'LIMIT_MAKER SELL wrong: refused would_trigger_immediately',
      'STOP_LOSS SELL wrong: refused would_trigger_immediately',
      'LIMIT_MAKER SELL also wrong: refused would_match_immediately',
      'STOP_LOSS SELL also wrong: refused would_match_immediately',
      'LIMIT_MAKER BUY types: refused leg_type_not_allowed',
      'STOP_LOSS BUY types: refused leg_type_not_allowed',
    ]);
  });

  test('are canceled by the name that placing them gave', () => {
    const { outcome } = hear(bars, (context) => {
      let exit = '';
      return {
        0: () => {
          exit = context.market().oto('BUY', limit('1', '90'), maker('0.9', '110'));
        },
        1: () => context.market().cancel(exit),
      };
    });
    expect(ordersOf(outcome)).toEqual(['LIMIT BUY : canceled', 'LIMIT_MAKER SELL : canceled']);
  });
});

test('helpers for targets trade towards them', () => {
  const outcome = play(
    scripted((context) =>
      atBars({
        0: () => context.market().targetQuantity(quantity('2'), 'two'),
        1: () => context.market().targetShare(ratio('0.5'), 'half'),
        2: () => context.market().targetShare(ratio('0.5'), 'still half'),
        3: () => context.market().targetQuantity(quantity('0'), 'out'),
      })(),
    ),
    { markets: [testMarket('BTC/USDT', Array(6).fill(still(100)))] },
  );
  expect(fillsOf(outcome)).toEqual([
    '1 BUY 2 @ 100, 0.002 BTC TAKER (two)',
    // Half of 999.8 at 100 is 4.999; 1.998 are held.
    '2 BUY 3.001 @ 100, 0.003001 BTC TAKER (half)',
    // Half of 999.4999 is 4.9974995; 4.995999 are held, and 0.001 is a step.
    '3 BUY 0.001 @ 100, 0.000001 BTC TAKER (still half)',
    '4 SELL 4.996 @ 100, 0.4996 USDT TAKER (out)',
  ]);
});

test('a holding above what one order may sell goes in parts, none of which is refused', () => {
  const outcome = play(
    scripted((context) => ({ onBar: () => void context.market().sellAll() })),
    {
      markets: [testMarket('BTC/USDT', Array(6).fill(still(100)), { maximumQuantity: '1' })],
      cash: ['2.5 BTC', '0 USDT'],
    },
  );
  // The taker's fee of 100 is 0.1.
  expect(fillsOf(outcome)).toEqual([
    '1 SELL 1 @ 100, 0.1 USDT TAKER',
    '2 SELL 1 @ 100, 0.1 USDT TAKER',
    '3 SELL 0.5 @ 100, 0.05 USDT TAKER',
  ]);
  expect(outcome.desk.refusals.size).toBe(0);
});
