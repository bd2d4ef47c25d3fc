import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filters } from '../market/index.ts';
import { instrumentWith } from '../market/market.test-support.ts';
import {
  amount,
  formatAmount,
  formatPrice,
  fromUnits,
  price,
  type QuoteAmount,
  quantity,
  type Ratio,
  ratio,
  share,
} from '../money/index.ts';
import { CLIENT_ORDER_ID, type MarketTerms } from '../orders/index.ts';
import { Portfolio } from '../portfolio/index.ts';
import { contextOf, OpenDesk } from './host.test-support.ts';
import { defineStrategy, StrategyHost } from './index.ts';
import { MarketView } from './market-view.ts';

describe('a market', () => {
  test('is found by its symbol, the main one without, and no other', () => {
    const { context } = contextOf();
    expect([context.market().symbol, context.market('ETHUSDT').symbol]).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(() => context.market('XRPUSDT')).toThrow(
      'XRPUSDT is not among the symbols of this run: BTCUSDT,ETHUSDT',
    );
  });

  test('must have an instrument', () => {
    const options = {
      setup: { symbols: ['BTCUSDT'], interval: '1m' },
      instruments: new Map(),
      portfolio: new Portfolio(),
    } as const;
    const definition = defineStrategy({
      name: 'x',
      summary: '',
      parameters: {},
      warmup: () => 0,
      create: () => ({}),
    });
    const make = () =>
      new StrategyHost(
        {
          ...options,
          definition,
          values: {},
          desk: new OpenDesk(),
          priceOf: () => ({ lastPrice: undefined }),
        },
        [],
      );
    expect(make).toThrow('the instrument of BTCUSDT is known');
  });

  test('shows balances and position as of now', () => {
    const { context, portfolio, prices } = contextOf();
    const own = context.market();
    expect(own.position).toMatchObject({ averageEntryPrice: undefined, unrealizedPnl: undefined });
    portfolio.deposit('USDT', amount('USDT', '1000'));
    portfolio.lock(portfolio.asset('USDT'), portfolio.asset('USDT').balance(0));
    const fee = { asset: 'BTC', amount: amount('BTC', '0.0015') };
    const fill = {
      clientOrderId: 'a',
      strategy: 's',
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: quantity('1.5'),
      price: price('80'),
      fee,
      liquidity: 'TAKER',
      tradeId: 1,
      timeMs: 0,
      tag: '',
    } as const;
    portfolio.bookFill(fill, own.instrument);
    expect([own.freeBase, own.sellable, own.lockedBase].map(formatAmount)).toEqual(['1.4985', '1.498', '0']);
    const { position } = own;
    expect(formatAmount(position.quantity)).toBe('1.4985');
    // 120 / 1.4985 = 80.080080..., up
    expect(formatPrice(position.averageEntryPrice!)).toBe('80.08008009');
    // 1.4985 x 100 - 120
    expect(formatAmount(position.unrealizedPnl!)).toBe('29.85');
    expect(formatAmount(position.realizedPnl)).toBe('0');
    prices.BTCUSDT = undefined;
    expect([own.position.unrealizedPnl, own.lastPrice]).toEqual([undefined, undefined]);
  });

  test('puts computed numbers on the tick and the step', () => {
    const own = contextOf().context.market();
    expect(
      [own.priceAt(99.987, 'floor'), own.priceAt(99.981, 'ceiling')].map((p) => formatPrice(p!)),
    ).toEqual(['99.98', '99.99']);
    for (const none of [Number.NaN, 0, -5, 0.001, Number.POSITIVE_INFINITY])
      expect(own.priceAt(none, 'floor')).toBeUndefined();
    expect(formatAmount(own.floorToStep(quantity('1.23999999')))).toBe('1.239');
  });

  test('values all symbols in the quote asset of the main one', () => {
    const { context, portfolio, prices } = contextOf();
    portfolio.deposit('USDT', amount('USDT', '50'));
    portfolio.deposit('ETH', amount('ETH', '2'));
    prices.BTCUSDT = undefined;
    // No BTC is held, so its price is not needed.
    expect(formatAmount(context.equity()!)).toBe('70');
    prices.ETHUSDT = undefined;
    expect(context.equity()).toBeUndefined();
  });
});

describe('orders', () => {
  test('have names that the exchange takes, one for each, the same in every run', () => {
    const names = [0, 1].map(() => {
      const { context, host, desk } = contextOf();
      host.advance(1000);
      context.market().buy({ type: 'MARKET', quantity: quantity('1') }, 'why');
      context.market('ETHUSDT').sell({ type: 'MARKET', quantity: quantity('1') });
      host.advance(2000);
      context.market().buy({ type: 'MARKET', quantity: quantity('1') });
      expect(
        desk.orders.map(({ tag, strategy, decidedAtMs }) => `${strategy} ${decidedAtMs} ${tag}`),
      ).toEqual(['probe 1000 why', 'probe 1000 ', 'probe 2000 ']);
      return desk.orders.map(({ clientOrderId }) => clientOrderId);
    });
    expect(names[0]).toEqual(names[1]);
    expect(new Set(names[0]).size).toBe(3);
    for (const name of names[0]!) expect(name).toMatch(CLIENT_ORDER_ID);
  });

  test('of a list share a name but for its last letter, and the pending ones are of the other side', () => {
    const { context, desk, host } = contextOf();
    host.advance(1000);
    const own = context.market();
    const limit = { type: 'LIMIT', quantity: quantity('1'), price: price('90'), timeInForce: 'GTC' } as const;
    const above = { type: 'LIMIT_MAKER', quantity: quantity('1'), price: price('110') } as const;
    const below = {
      type: 'STOP_LOSS',
      quantity: quantity('1'),
      trigger: { stopPrice: price('80') },
    } as const;
    const ids = [
      own.oco('SELL', above, below, 'exit'),
      own.oto('BUY', limit, above, 'in'),
      own.otoco('SELL', above, below, limit),
    ];
    expect(desk.lists.map(({ listClientOrderId }) => listClientOrderId)).toEqual(ids);
    const [oco, oto, otoco] = desk.lists;
    expect(oco).toMatchObject({
      kind: 'OCO',
      above: { side: 'SELL', tag: 'exit' },
      below: { side: 'SELL', tag: 'exit' },
    });
    expect(oto).toMatchObject({ kind: 'OTO', working: { side: 'BUY' }, pending: { side: 'SELL' } });
    expect(otoco).toMatchObject({
      kind: 'OTOCO',
      working: { side: 'SELL' },
      pendingAbove: { side: 'BUY' },
      pendingBelow: { side: 'BUY' },
    });
    if (oco?.kind !== 'OCO') throw new Error('the first list is an OCO');
    expect(oco.above.clientOrderId.slice(0, -1)).toBe(ids[0]!.slice(0, -1));
  });

  test('are shown while open and canceled by name or all together', () => {
    const { context, desk, host } = contextOf();
    host.advance(1000);
    const own = context.market();
    const terms = { type: 'MARKET', quantity: quantity('1') } as const;
    const [one, two] = [own.buy(terms, 'a'), own.sell(terms)];
    expect(own.openOrders).toEqual([
      { clientOrderId: one, side: 'BUY', terms, tag: 'a' },
      { clientOrderId: two, side: 'SELL', terms, tag: '' },
    ]);
    own.cancel(two);
    own.cancelAll();
    expect(desk.canceled).toEqual([`BTCUSDT ${two}`, `BTCUSDT ${one}`, `BTCUSDT ${two}`]);
  });

  test('for a share of the free quote round down, and selling all leaves the dust', () => {
    const { context, desk, host, portfolio } = contextOf();
    host.advance(1000);
    const own = context.market();
    const seen = (): string[] =>
      desk.orders.splice(0).map(({ clientOrderId, side, terms, tag }) => {
        const size =
          terms.quantity === undefined
            ? `for ${formatAmount(terms.quoteAmount)}`
            : formatAmount(terms.quantity);
        return `${clientOrderId} ${terms.type} ${side} ${size} ${tag}`;
      });
    expect([own.isHolding, own.sellAll('exit')]).toEqual([false, undefined]);
    portfolio.deposit('USDT', amount('USDT', '1000.00000001'));
    const bought = own.buyShare(ratio('0.333333333333333333'), 'entry');
    // 333.333333333666...
    expect(seen()).toEqual([`${bought} MARKET BUY for 333.33333333 entry`]);
    portfolio.deposit('BTC', amount('BTC', '0.00099999'));
    expect([own.isHolding, own.sellAll()]).toEqual([false, undefined]);
    portfolio.deposit('BTC', amount('BTC', '1.23400001'));
    expect(own.isHolding).toBe(true);
    const sold = own.sellAll('exit');
    expect(seen()).toEqual([`${sold} MARKET SELL 1.235 exit`]);
  });

  test('for any share of any free quote are what the exact share is', () => {
    const frees = fc.bigInt(1n, 10n ** 18n).map((units) => fromUnits<QuoteAmount>(units));
    const shares = fc.oneof(
      fc.constantFrom('1', '0.5', '0.01', '0.3', '0.95', '0.123').map(ratio),
      fc.bigInt(1n, 10n ** 6n).map((millionths) => fromUnits<Ratio>(millionths * 10n ** 12n)),
      fc.bigInt(1n, 10n ** 18n).map((units) => fromUnits<Ratio>(units)),
    );
    fc.assert(
      fc.property(frees, fc.array(shares, { minLength: 1, maxLength: 5 }), (free, wanted) => {
        const { context, desk, host, portfolio } = contextOf();
        host.advance(1000);
        portfolio.deposit('USDT', free);
        for (const one of wanted) context.market().buyShare(one);
        expect(desk.orders.map(({ terms }) => (terms as MarketTerms).quoteAmount)).toEqual(
          wanted.map((one) => share(free, one, 'receive')),
        );
      }),
    );
  });

  test('are possible with more coins than steps can be counted', () => {
    const { context, portfolio } = contextOf();
    portfolio.deposit('BTC', amount('BTC', '10000000000000'));
    const own = context.market();
    expect([own.isHolding, formatAmount(own.sellable)]).toEqual([true, '10000000000000']);
  });

  describe('that sell all', () => {
    const viewWith = (filters: Pick<Filters, 'marketLot'> & { maximum?: string; step?: string }) => {
      const { maximum, marketLot, step = '0.001' } = filters;
      const lot = {
        step: quantity(step),
        ...(maximum === undefined ? {} : { maximum: quantity(maximum) }),
      };
      const instrument = instrumentWith({
        filters: { price: {}, lot, ...(marketLot === undefined ? {} : { marketLot }) },
      });
      const [portfolio, desk] = [new Portfolio(), new OpenDesk()];
      const naming = {
        strategy: 'test',
        nowMs: 0,
        equity: () => undefined,
        nextSequence: () => desk.orders.length,
        idOf: (_symbol: string, sequence: number) => `order-${sequence}`,
      };
      const prices = { lastPrice: price('100') };
      portfolio.deposit('BTC', amount('BTC', '2.5'));
      return {
        desk,
        portfolio,
        view: new MarketView(instrument, portfolio.market(instrument), prices, desk, naming),
      };
    };
    const sizesOf = ({ orders }: OpenDesk) => orders.map(({ terms }) => formatAmount(terms.quantity!));

    test.each([
      { when: 'LOT_SIZE allows less', maximum: '1', sold: '1' },
      { when: 'LOT_SIZE allows just as much', maximum: '2.5', sold: '2.5' },
      { when: 'LOT_SIZE allows a step less', maximum: '2.499', sold: '2.499' },
      { when: 'MARKET_LOT_SIZE allows less than LOT_SIZE', maximum: '1', market: '0.75', sold: '0.75' },
      { when: 'LOT_SIZE allows less than MARKET_LOT_SIZE', maximum: '1', market: '2', sold: '1' },
      { when: 'MARKET_LOT_SIZE alone has a maximum', market: '2', sold: '2' },
      { when: 'the maximum lies between two steps', market: '1.0009', sold: '1' },
      { when: 'the maximum cannot be counted in steps', maximum: '9999999999999', sold: '2.5' },
    ])('sell $sold of 2.5 where $when', ({ maximum, market, sold }) => {
      const { view, desk } = viewWith({
        ...(maximum === undefined ? {} : { maximum }),
        ...(market === undefined ? {} : { marketLot: { maximum: quantity(market) } }),
      });
      expect(view.sellAll()).toBe('order-0');
      expect(sizesOf(desk)).toEqual([sold]);
    });

    test.each([
      { when: 'there is no bound', maximum: undefined, sold: '10000000000002.5' },
      { when: 'the bound cannot be counted either', maximum: '9999999999999', sold: '9999999999999' },
      { when: 'the bound is far above', maximum: '99999999999999', sold: '10000000000002.5' },
      { when: 'the bound can be counted', maximum: '1', sold: '1' },
    ])('sell $sold of more coins than steps can be counted where $when', ({ maximum, sold }) => {
      const { view, desk, portfolio } = viewWith(maximum === undefined ? {} : { maximum });
      portfolio.deposit('BTC', amount('BTC', '10000000000000'));
      view.sellAll();
      expect(sizesOf(desk)).toEqual([sold]);
    });

    test('sell no more than there is where the steps can be counted, but not what they make', () => {
      const { view, desk, portfolio } = viewWith({ step: '0.5' });
      // 2 x 10^15 + 3 steps of five lots.
      portfolio.deposit('BTC', amount('BTC', '999999999999999'));
      view.sellAll();
      expect(sizesOf(desk)).toEqual(['1000000000000001.5']);
    });

    test('leave to the next one what one order may not', () => {
      const { view, desk, portfolio } = viewWith({ maximum: '1' });
      for (const sold of ['1', '1', '0.5']) {
        view.sellAll();
        portfolio.withdraw('BTC', amount('BTC', sold));
      }
      expect(sizesOf(desk)).toEqual(['1', '1', '0.5']);
      expect(view.sellAll()).toBeUndefined();
    });
  });

  test('towards a target trade the difference in whole steps', () => {
    const { context, desk, host, portfolio, prices } = contextOf();
    host.advance(1000);
    const own = context.market();
    portfolio.deposit('USDT', amount('USDT', '1000'));
    const orders = (): string[] =>
      desk.orders
        .splice(0)
        .map(({ side, terms, tag }) =>
          terms.quantity === undefined
            ? `${side} for ${formatAmount(terms.quoteAmount)} ${tag}`
            : `${side} ${formatAmount(terms.quantity)} ${tag}`,
        );
    const sent: string[] = [];
    own.targetQuantity(quantity('2.5005'), 'grow');
    // While it waits, going for a target would go there twice.
    expect(own.targetQuantity(quantity('2.5'))).toBeUndefined();
    expect(own.targetShare(ratio('0.5'))).toBeUndefined();
    sent.push(...orders());
    // By quote amount: a next price above the last one must not make it too dear.
    own.targetShare(ratio('0.5'), 'half');
    sent.push(...orders());
    own.targetShare(ratio('1'), 'all');
    sent.push(...orders());
    // 0.0999 buys less than a step of 0.001 at 100.
    expect(own.targetShare(ratio('0.0000999'))).toBeUndefined();
    expect(own.targetQuantity(quantity('0.0009'))).toBeUndefined();
    expect(own.targetQuantity(quantity('0'))).toBeUndefined();
    expect(sent).toEqual(['BUY 2.5 grow', 'BUY for 500 half', 'BUY for 1000 all']);
    portfolio
      .market(own.instrument)
      .position.buy(portfolio.asset('USDT').balance(0), portfolio.asset('USDT').balance(0));
    own.targetQuantity(quantity('400.0005'));
    expect(orders()).toEqual(['SELL 599.999 ']);
    prices.BTCUSDT = undefined;
    expect(own.targetShare(ratio('0.5'))).toBeUndefined();
  });
});
