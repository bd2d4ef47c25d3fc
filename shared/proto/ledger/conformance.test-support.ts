import { amount, price, quantity, quoteAmount, zero } from '@tradewind/core/money';
import {
  newOrderRecord,
  type OrderIntent,
  type OrderListIntent,
  type OrderRecord,
} from '@tradewind/core/orders';
import { NOTHING_TRIPPED } from '@tradewind/core/risk';
import { expect, test } from 'vitest';
import type { EventBody, EventHead, FillBody, TradingEvent } from '../contracts/event.ts';
import type { CommitResult, Ledger } from '../contracts/ledger.ts';

/** A ledger on trial, empty, with the means to let its clock run. */
export interface LedgerOnTrial {
  readonly ledger: Ledger;
  /** Lets the clock of the leases go on. */
  pass(durationMs: number): Promise<void>;
}

const AT = Date.UTC(2026, 2, 1, 12);
const DAY = 86_400_000;

/** A whole event out of what matters in it. */
export function event<B extends EventBody>(
  id: string,
  body: B,
  head: Partial<EventHead> = {},
): EventHead & B {
  return { id, correlationId: `c-${id}`, atMs: AT, service: 'order-execution', ...head, ...body };
}

export const orderIntent = (clientOrderId: string, more: Partial<OrderIntent> = {}): OrderIntent => ({
  clientOrderId,
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT', quantity: quantity('1'), price: price('100'), timeInForce: 'GTC' },
  tag: 'cross',
  decidedAtMs: AT,
  ...more,
});

export const intentEvent = (
  wanted: OrderIntent | OrderListIntent,
  epoch: number,
  head?: Partial<EventHead>,
): TradingEvent => {
  const id = 'kind' in wanted ? wanted.listClientOrderId : wanted.clientOrderId;
  return event(`intent-${id}`, { kind: 'intent', wanted, expiresAtMs: AT + 1000, epoch }, head);
};

export const orderEvent = (id: string, record: OrderRecord, head?: Partial<EventHead>): TradingEvent =>
  event(id, { kind: 'order', strategy: 'ema-cross', event: 'accepted', record, isOurs: true }, head);

/** Buys 1 BTC at 100 USDT, the fee in USDT. */
export const fillEvent = (
  id: string,
  { tradeId, venueOrderId = 7, ...body }: Partial<FillBody> & { readonly tradeId: number },
  head?: Partial<EventHead>,
): TradingEvent =>
  event(
    id,
    {
      kind: 'fill',
      fill: {
        clientOrderId: 'a',
        strategy: 'ema-cross',
        symbol: 'BTCUSDT',
        side: 'BUY',
        quantity: quantity('1'),
        price: price('100'),
        fee: { asset: 'USDT', amount: amount('USDT', '0.1') },
        liquidity: 'TAKER',
        tradeId,
        timeMs: AT,
        tag: 'cross',
      },
      venueOrderId,
      quoteAmount: quoteAmount('100'),
      postings: [
        { subAccount: 'ema-cross', account: 0, asset: 'BTC', amount: amount('BTC', '1') },
        { subAccount: 'ema-cross', account: 2, asset: 'BTC', amount: amount('BTC', '-1') },
        { subAccount: 'ema-cross', account: 0, asset: 'USDT', amount: amount('USDT', '-100.1') },
        { subAccount: 'ema-cross', account: 2, asset: 'USDT', amount: amount('USDT', '100') },
        { subAccount: 'ema-cross', account: 3, asset: 'USDT', amount: amount('USDT', '0.1') },
      ],
      position: {
        strategy: 'ema-cross',
        symbol: 'BTCUSDT',
        quantity: quantity('1'),
        cost: quoteAmount('100.1'),
        realizedPnl: zero(),
        realizedBefore: zero(),
      },
      realizedPnl: zero(),
      quoteAsset: 'USDT',
      ...body,
    },
    head,
  );

export const allocation = (id: string, text: string, more: { readonly key?: string } = {}): TradingEvent =>
  event(id, {
    kind: 'balance',
    cause: 'allocation',
    postings: [
      { subAccount: 'ema-cross', account: 4, asset: 'USDT', amount: amount('USDT', `-${text}`) },
      { subAccount: 'ema-cross', account: 0, asset: 'USDT', amount: amount('USDT', text) },
    ],
    detail: 'capital',
    ...more,
  });

export const alert = (id: string, head?: Partial<EventHead>): TradingEvent =>
  event(id, { kind: 'alert', severity: 'info', name: 'note', message: id, fields: {} }, head);

const seqsOf = (result: CommitResult): readonly number[] =>
  result.kind === 'committed' ? result.events.map(({ seq }) => seq) : [];

async function leaseOf(ledger: Ledger, holder = 'one', durationMs = 60_000): Promise<number> {
  const lease = await ledger.acquireLease({ holder, durationMs });
  expect(lease.kind).toBe('held');
  return lease.kind === 'held' ? lease.epoch : 0;
}

/**
 * The contract of `Ledger`, as tests. Whoever keeps a ledger runs them.
 * @param make  an empty ledger for each test
 */
export function ledgerConformance(make: () => Promise<LedgerOnTrial>): void {
  journalConformance(make);
  refusalConformance(make);
  projectionConformance(make);
  leaseConformance(make);
}

function journalConformance(make: () => Promise<LedgerOnTrial>): void {
  test('an empty ledger has no events and nothing in its state', async () => {
    const { ledger } = await make();
    expect(await ledger.lastSeq()).toBe(0);
    expect(await ledger.read({ afterSeq: 0, limit: 10 })).toEqual([]);
    expect(await ledger.load()).toEqual({
      seq: 0,
      balances: [],
      positions: [],
      orders: [],
      bookedThrough: new Map(),
      breakers: undefined,
      valuation: undefined,
      profits: [],
      breaks: [],
      strategies: [],
      bookedKeys: [],
    });
  });

  test('events are numbered from one without holes, in the order of the commits, and read back as they were', async () => {
    const { ledger } = await make();
    const events = [alert('1', { causeId: '0' }), allocation('2', '5'), alert('3')];
    expect(seqsOf(await ledger.commit(events.slice(0, 2)))).toEqual([1, 2]);
    expect(seqsOf(await ledger.commit(events.slice(2)))).toEqual([3]);
    expect(await ledger.lastSeq()).toBe(3);
    expect(await ledger.read({ afterSeq: 0, limit: 10 })).toEqual(
      events.map((each, index) => ({ ...each, seq: index + 1 })),
    );
    expect((await ledger.read({ afterSeq: 1, limit: 1 })).map(({ id }) => id)).toEqual(['2']);
  });

  test('commits that wait at the same time all get their own answer, in their order', async () => {
    const { ledger } = await make();
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ledger.commit([alert(`a${index}`), alert(`b${index}`)])),
    );
    expect(results.flatMap(seqsOf)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    const ids = (await ledger.read({ afterSeq: 0, limit: 1000 })).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => [`a${index}`, `b${index}`]).flat());
  });

  test('P6: an event that is there already is taken as written, and a commit that adds to it is written in full', async () => {
    const { ledger } = await make();
    await ledger.commit([allocation('1', '5'), alert('2')]);
    expect(seqsOf(await ledger.commit([allocation('1', '5'), alert('2')]))).toEqual([1, 2]);
    expect(seqsOf(await ledger.commit([alert('2'), allocation('1', '5'), alert('3'), alert('3')]))).toEqual([
      2, 1, 3, 3,
    ]);
    const state = await ledger.load();
    expect(state.seq).toBe(3);
    expect(state.balances.map(({ amount: each }) => each)).toEqual([
      amount('USDT', '5'),
      amount('USDT', '-5'),
    ]);
  });

  test('the journal is searched by what its events are about', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    const other = orderIntent('b', { symbol: 'ETHUSDT', strategy: 'donchian' });
    await ledger.commit([
      alert('1', { atMs: AT - 10 }),
      intentEvent(orderIntent('a'), epoch),
      intentEvent(other, epoch, { correlationId: 'tick' }),
      orderEvent('4', newOrderRecord({ clientOrderId: 'a', symbol: 'BTCUSDT' }), { correlationId: 'tick' }),
      event('5', {
        kind: 'evaluation',
        strategy: 'donchian',
        symbol: 'BTCUSDT',
        interval: '1h',
        closeTimeMs: AT,
        isWarm: true,
        signals: 0,
        values: { rsi: 0.5 },
      }),
    ]);
    const found = async (query: Partial<Parameters<Ledger['read']>[0]>): Promise<readonly number[]> =>
      (await ledger.read({ afterSeq: 0, limit: 10, ...query })).map(({ seq }) => seq);
    expect(await found({ kinds: ['intent', 'alert'] })).toEqual([1, 2, 3]);
    expect(await found({ kinds: [] })).toEqual([]);
    expect(await found({ correlationId: 'tick' })).toEqual([3, 4]);
    expect(await found({ clientOrderId: 'a' })).toEqual([2, 4]);
    expect(await found({ symbol: 'BTCUSDT' })).toEqual([2, 4, 5]);
    expect(await found({ strategy: 'donchian' })).toEqual([3, 5]);
    expect(await found({ strategy: 'donchian', symbol: 'BTCUSDT' })).toEqual([5]);
    expect(await found({ fromMs: AT - 10, toMs: AT })).toEqual([1]);
    expect(await found({ fromMs: AT - 9 })).toEqual([2, 3, 4, 5]);
    expect(await found({ isReversed: true })).toEqual([5, 4, 3, 2, 1]);
    expect(await found({ isReversed: true, afterSeq: 4, limit: 2 })).toEqual([3, 2]);
    expect(await found({ isReversed: true, afterSeq: 99, limit: 1 })).toEqual([5]);
    expect(await found({ afterSeq: 5 })).toEqual([]);
  });

  test('an order of a list is found by its own id and by that of the list', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    const list: OrderListIntent = {
      kind: 'OCO',
      listClientOrderId: 'l',
      above: orderIntent('up'),
      below: orderIntent('down'),
    };
    await ledger.commit([intentEvent(list, epoch)]);
    for (const clientOrderId of ['l', 'up', 'down']) {
      expect(await ledger.read({ afterSeq: 0, limit: 10, clientOrderId })).toHaveLength(1);
    }
  });
}

function refusalConformance(make: () => Promise<LedgerOnTrial>): void {
  test('I2: an order id is used once for ever, and a refused commit leaves nothing behind', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    await ledger.commit([intentEvent(orderIntent('a'), epoch)]);
    const again = event('other', {
      kind: 'intent',
      wanted: orderIntent('a'),
      expiresAtMs: AT,
      epoch,
    } as const);
    expect(await ledger.commit([alert('2'), again])).toEqual({
      kind: 'refused',
      refusal: { reason: 'client_order_id_used', clientOrderId: 'a' },
    });
    expect(await ledger.lastSeq()).toBe(1);
    expect(seqsOf(await ledger.commit([alert('2')]))).toEqual([2]);
  });

  test('I2: the ids of a list and of its legs are used up with it, and none may stand twice in one commit', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    const list: OrderListIntent = {
      kind: 'OTO',
      listClientOrderId: 'l',
      working: orderIntent('w'),
      pending: orderIntent('p'),
    };
    await ledger.commit([intentEvent(list, epoch)]);
    for (const clientOrderId of ['l', 'w', 'p']) {
      const result = await ledger.commit([
        event(`x-${clientOrderId}`, {
          kind: 'intent',
          wanted: orderIntent(clientOrderId),
          expiresAtMs: AT,
          epoch,
        }),
      ]);
      expect(result).toEqual({ kind: 'refused', refusal: { reason: 'client_order_id_used', clientOrderId } });
    }
    const twice: OrderListIntent = {
      kind: 'OCO',
      listClientOrderId: 'm',
      above: orderIntent('n'),
      below: orderIntent('n'),
    };
    expect(await ledger.commit([intentEvent(twice, epoch)])).toMatchObject({
      kind: 'refused',
      refusal: { clientOrderId: 'n' },
    });
  });

  test('I3: a fill is booked once, by symbol, trade id and venue order id', async () => {
    const { ledger } = await make();
    await ledger.commit([fillEvent('1', { tradeId: 5 })]);
    expect(await ledger.commit([fillEvent('2', { tradeId: 5 })])).toEqual({
      kind: 'refused',
      refusal: { reason: 'fill_booked', symbol: 'BTCUSDT', tradeId: 5, venueOrderId: 7 },
    });
    expect(
      await ledger.commit([fillEvent('3', { tradeId: 6 }), fillEvent('4', { tradeId: 6 })]),
    ).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'fill_booked', tradeId: 6 },
    });
    // Both sides of a trade with oneself share the trade id.
    expect((await ledger.commit([fillEvent('5', { tradeId: 5, venueOrderId: 8 })])).kind).toBe('committed');
  });

  test('I3: a movement with a key is booked once', async () => {
    const { ledger } = await make();
    await ledger.commit([allocation('1', '5', { key: 'deposit 17' })]);
    expect(await ledger.commit([allocation('2', '5', { key: 'deposit 17' })])).toEqual({
      kind: 'refused',
      refusal: { reason: 'key_booked', key: 'deposit 17' },
    });
    expect(
      await ledger.commit([allocation('3', '1', { key: 'k' }), allocation('4', '1', { key: 'k' })]),
    ).toMatchObject({ refusal: { key: 'k' } });
  });

  test('I5: postings that do not sum to zero for each asset of each event are refused', async () => {
    const { ledger } = await make();
    const tilted = (id: string, asset: string, text: string): TradingEvent =>
      event(id, {
        kind: 'balance',
        cause: 'deposit',
        detail: '',
        postings: [{ subAccount: 'owner', account: 0, asset, amount: amount(asset, text) }],
      });
    expect(await ledger.commit([alert('1'), tilted('2', 'BTC', '0.00000001')])).toEqual({
      kind: 'refused',
      refusal: {
        reason: 'postings_unbalanced',
        eventId: '2',
        asset: 'BTC',
        sum: amount('BTC', '0.00000001'),
      },
    });
    // Two wrongs in one commit make no right.
    expect(await ledger.commit([tilted('3', 'BTC', '1'), tilted('4', 'BTC', '-1')])).toMatchObject({
      refusal: { eventId: '3' },
    });
    expect(await ledger.lastSeq()).toBe(0);
  });

  test('a refusal fails none of the commits that wait beside it', async () => {
    const { ledger } = await make();
    const results = await Promise.all([
      ledger.commit([fillEvent('1', { tradeId: 1 })]),
      ledger.commit([alert('2')]),
      ledger.commit([fillEvent('3', { tradeId: 1 }), alert('4')]),
      ledger.commit([alert('5')], { epoch: 9 }),
      ledger.commit([alert('6')]),
      ledger.commit([alert('2')]),
    ]);
    expect(results.map(({ kind }) => kind)).toEqual([
      'committed',
      'committed',
      'refused',
      'refused',
      'committed',
      'committed',
    ]);
    expect(results.map(seqsOf)).toEqual([[1], [2], [], [], [3], [2]]);
    expect((await ledger.read({ afterSeq: 0, limit: 10 })).map(({ id }) => id)).toEqual(['1', '2', '6']);
  });
}

function projectionConformance(make: () => Promise<LedgerOnTrial>): void {
  test('an order is loaded with its intent and all that is known of it', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    const intent = orderIntent('a');
    const list: OrderListIntent = {
      kind: 'OCO',
      listClientOrderId: 'l',
      above: orderIntent('up'),
      below: orderIntent('down'),
    };
    await ledger.commit([intentEvent(intent, epoch, { correlationId: 'tick' }), intentEvent(list, epoch)]);
    const record: OrderRecord = {
      clientOrderId: 'a',
      symbol: 'BTCUSDT',
      state: 'working',
      venueOrderId: 7,
      quantity: quantity('1'),
      executedQuantity: quantity('0.25'),
      executedQuoteAmount: quoteAmount('25'),
      preventedQuantity: zero(),
    };
    await ledger.commit([orderEvent('3', { ...record, executedQuantity: zero() }), orderEvent('4', record)]);
    const { orders } = await ledger.load();
    expect(orders.map(({ intent: each }) => each.clientOrderId)).toEqual(['a', 'up', 'down']);
    expect(orders[0]).toEqual({
      intent,
      record,
      expiresAtMs: AT + 1000,
      createdAtMs: AT,
      correlationId: 'tick',
    });
    expect(orders[1]).toEqual({
      intent: orderIntent('up'),
      listClientOrderId: 'l',
      record: newOrderRecord({ clientOrderId: 'up', symbol: 'BTCUSDT', quantity: quantity('1') }),
      expiresAtMs: AT + 1000,
      createdAtMs: AT,
      correlationId: 'c-intent-l',
    });
  });

  test('what ended more than a day before the last event is not loaded, and orders of the owner never are', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger);
    const ended = (clientOrderId: string): OrderRecord => ({
      ...newOrderRecord({ clientOrderId, symbol: 'BTCUSDT' }),
      state: 'canceled',
    });
    const owners = event('x', {
      kind: 'order',
      strategy: 'owner',
      event: 'accepted',
      isOurs: false,
      record: newOrderRecord({ clientOrderId: 'web', symbol: 'BTCUSDT' }),
    } as const);
    await ledger.commit([
      ...['a', 'b', 'c'].map((id) => intentEvent(orderIntent(id), epoch)),
      owners,
      orderEvent('end-a', ended('a'), { atMs: AT - 1 }),
      orderEvent('end-b', ended('b')),
      orderEvent('unknown', newOrderRecord({ clientOrderId: 'never-intended', symbol: 'BTCUSDT' })),
    ]);
    await ledger.commit([alert('later', { atMs: AT + DAY })]);
    expect((await ledger.load()).orders.map(({ intent }) => intent.clientOrderId)).toEqual(['b', 'c']);
  });

  test('balances are the sums of all postings; what has come to zero is left away', async () => {
    const { ledger } = await make();
    await ledger.commit([allocation('1', '1000'), fillEvent('2', { tradeId: 1 })]);
    await ledger.commit([fillEvent('3', { tradeId: 2 })]);
    const balances = (await ledger.load()).balances.map((each) => [each.asset, each.account, each.amount]);
    expect(balances).toEqual([
      ['BTC', 0, amount('BTC', '2')],
      ['BTC', 2, amount('BTC', '-2')],
      ['USDT', 0, amount('USDT', '799.8')],
      ['USDT', 2, amount('USDT', '200')],
      ['USDT', 3, amount('USDT', '0.2')],
      ['USDT', 4, amount('USDT', '-1000')],
    ]);
    const back = event('4', {
      kind: 'balance',
      cause: 'withdrawal',
      detail: '',
      postings: [
        { subAccount: 'ema-cross', account: 0, asset: 'BTC', amount: amount('BTC', '-2') },
        { subAccount: 'ema-cross', account: 2, asset: 'BTC', amount: amount('BTC', '2') },
      ],
    } as const);
    await ledger.commit([back]);
    expect((await ledger.load()).balances.filter(({ asset }) => asset === 'BTC')).toEqual([]);
  });

  test('positions, watermarks and profits of a day come from the fills', async () => {
    const { ledger } = await make();
    const position = (strategy: string, text: string) => ({
      strategy,
      symbol: 'BTCUSDT',
      quantity: quantity(text),
      cost: quoteAmount('100'),
      realizedPnl: quoteAmount('-3'),
      realizedBefore: quoteAmount('1'),
    });
    await ledger.commit([
      fillEvent('1', { tradeId: 9, realizedPnl: quoteAmount('2.5'), roundTripPnl: quoteAmount('2.5') }),
      fillEvent('2', {
        tradeId: 4,
        position: position('ema-cross', '3'),
        feePosition: position('donchian', '8'),
      }),
    ]);
    await ledger.commit([
      fillEvent('3', {
        tradeId: 5,
        position: position('ema-cross', '4'),
        realizedPnl: quoteAmount('-4'),
        roundTripPnl: quoteAmount('-4'),
      }),
      fillEvent(
        '4',
        { tradeId: 6, position: position('ema-cross', '5'), realizedPnl: quoteAmount('1') },
        { atMs: AT + DAY },
      ),
    ]);
    const state = await ledger.load();
    expect(state.positions).toEqual([position('donchian', '8'), position('ema-cross', '5')]);
    expect(state.bookedThrough).toEqual(new Map([['BTCUSDT', 9]]));
    const day = { strategy: 'ema-cross', symbol: 'BTCUSDT', quoteAsset: 'USDT' };
    expect(state.profits).toEqual([
      {
        ...day,
        dayMs: Date.UTC(2026, 2, 1),
        realizedPnl: quoteAmount('-1.5'),
        fills: 3,
        roundTrips: 2,
        wonRoundTrips: 1,
      },
      {
        ...day,
        dayMs: Date.UTC(2026, 2, 2),
        realizedPnl: quoteAmount('1'),
        fills: 1,
        roundTrips: 0,
        wonRoundTrips: 0,
      },
    ]);
    await ledger.commit([alert('late', { atMs: AT + 8 * DAY })]);
    expect((await ledger.load()).profits.map(({ dayMs }) => dayMs)).toEqual([Date.UTC(2026, 2, 2)]);
  });

  test('I8: a halt is loaded with its cause, whatever else is written after it', async () => {
    const { ledger } = await make();
    const scope = { kind: 'system' } as const;
    const trip = {
      scope,
      state: 'halted',
      cause: { kind: 'person', by: 'ann', why: 'storm' },
      atMs: AT,
    } as const;
    const control = (id: string, breakers: typeof NOTHING_TRIPPED): TradingEvent =>
      event(id, { kind: 'control', action: 'halt', scope, by: 'ann', why: 'storm', breakers });
    const breakers = { trips: [trip], losses: new Map([['ema-cross', 2]]) };
    await ledger.commit([control('1', NOTHING_TRIPPED), control('2', breakers)]);
    await ledger.commit([alert('3')]);
    expect((await ledger.load()).breakers).toEqual(breakers);
  });

  test('of valuations, strategies and breaks the last word counts, and closed breaks are gone', async () => {
    const { ledger } = await make();
    const equity = (text: string) => amount('equity', text);
    const valuation = (text: string) =>
      ({
        kind: 'valuation',
        equityAsset: 'USDT',
        equity: equity(text),
        dayStartEquity: equity('10'),
        peakEquity: equity('12'),
        subAccounts: [],
        prices: [{ symbol: 'BTCUSDT', price: price('100'), ageMs: 12.5 }],
      }) as const;
    const strategy = (name: string, state: number) =>
      ({
        kind: 'strategy',
        action: 'saved',
        strategy: name,
        by: 'engine',
        why: '',
        parameters: { fast: '12' },
        state: { last: state, seen: [1, 'x', null, true] },
      }) as const;
    const breakOf = (name: string, state: 'opened' | 'closed') =>
      ({
        kind: 'break',
        state,
        name,
        asset: 'BTC',
        ledger: amount('BTC', '1'),
        venue: amount('BTC', '2'),
        detail: '',
      }) as const;
    await ledger.commit([
      event('1', valuation('11')),
      event('2', strategy('b', 1)),
      event('3', strategy('a', 2)),
      event('4', breakOf('asset BTC', 'opened')),
      event('5', breakOf('order BTCUSDT 4', 'opened')),
    ]);
    await ledger.commit([
      event('6', valuation('9'), { atMs: AT + 60_000 }),
      event('7', strategy('b', 3)),
      event('8', breakOf('asset BTC', 'closed')),
    ]);
    const state = await ledger.load();
    expect(state.valuation).toEqual({ ...valuation('9'), atMs: AT + 60_000 });
    expect(state.strategies).toEqual([strategy('a', 2), strategy('b', 3)]);
    expect(state.breaks).toEqual([breakOf('order BTCUSDT 4', 'opened')]);
    await ledger.commit([event('9', breakOf('asset BTC', 'opened'))]);
    expect((await ledger.load()).breaks.map(({ name }) => name)).toEqual(['asset BTC', 'order BTCUSDT 4']);
  });

  test('keys of movements are loaded for seven days', async () => {
    const { ledger } = await make();
    await ledger.commit([allocation('1', '1', { key: 'b' }), allocation('2', '1', { key: 'a' })]);
    expect((await ledger.load()).bookedKeys).toEqual(['a', 'b']);
    await ledger.commit([alert('3', { atMs: AT + 7 * DAY + 1 })]);
    expect((await ledger.load()).bookedKeys).toEqual([]);
    expect((await ledger.commit([allocation('4', '1', { key: 'a' })])).kind).toBe('refused');
  });
}

function leaseConformance(make: () => Promise<LedgerOnTrial>): void {
  test('P12: a lease is renewed by its holder with the same epoch, and taken by nobody else while it runs', async () => {
    const { ledger, pass } = await make();
    const first = await ledger.acquireLease({ holder: 'one', durationMs: 1000 });
    expect(first).toMatchObject({ kind: 'held', epoch: 1 });
    await pass(20);
    const second = await ledger.acquireLease({ holder: 'one', durationMs: 1000 });
    expect(second).toMatchObject({ kind: 'held', epoch: 1 });
    const until = (result: typeof first): number => (result.kind === 'failed' ? 0 : result.untilMs);
    expect(until(second)).toBeGreaterThan(until(first));
    expect(await ledger.acquireLease({ holder: 'two', durationMs: 1000 })).toEqual({
      kind: 'taken',
      holder: 'one',
      untilMs: until(second),
    });
  });

  test('X4: a lease that has run out is taken with the next epoch, and the old one cannot write intents any more', async () => {
    const { ledger, pass } = await make();
    const old = await leaseOf(ledger, 'one', 20);
    await pass(40);
    const stale = { kind: 'refused', refusal: { reason: 'stale_epoch', epoch: old, current: old } };
    // Nobody has taken it yet, and yet it is no lease any more.
    expect(await ledger.commit([intentEvent(orderIntent('a'), old)])).toEqual(stale);
    const epoch = await leaseOf(ledger, 'two');
    expect(epoch).toBe(old + 1);
    const refused = { kind: 'refused', refusal: { reason: 'stale_epoch', epoch: old, current: epoch } };
    expect(await ledger.commit([intentEvent(orderIntent('a'), old)])).toEqual(refused);
    expect(await ledger.commit([alert('1')], { epoch: old })).toEqual(refused);
    expect((await ledger.commit([alert('1')])).kind).toBe('committed');
    expect((await ledger.commit([intentEvent(orderIntent('a'), epoch)], { epoch })).kind).toBe('committed');
  });

  test('a holder that lost the lease in between gets a new epoch', async () => {
    const { ledger, pass } = await make();
    const first = await leaseOf(ledger, 'one', 20);
    await pass(40);
    expect(await leaseOf(ledger, 'one', 20)).toBe(first + 1);
    await ledger.releaseLease(first + 1);
    expect(await leaseOf(ledger, 'one')).toBe(first + 2);
  });

  test('a lease that is given back is free at once; giving back an old one changes nothing', async () => {
    const { ledger } = await make();
    const first = await leaseOf(ledger, 'one');
    await ledger.releaseLease(first);
    const second = await leaseOf(ledger, 'two');
    expect(second).toBe(first + 1);
    await ledger.releaseLease(first);
    expect(await ledger.acquireLease({ holder: 'one', durationMs: 10 })).toMatchObject({
      kind: 'taken',
      holder: 'two',
    });
  });

  test('I9: without a lease no intent is written at all', async () => {
    const { ledger } = await make();
    expect(await ledger.commit([intentEvent(orderIntent('a'), 0)])).toEqual({
      kind: 'refused',
      refusal: { reason: 'stale_epoch', epoch: 0, current: 0 },
    });
  });

  test('P6: a commit that was written is taken as written though its epoch has gone since', async () => {
    const { ledger } = await make();
    const epoch = await leaseOf(ledger, 'one');
    const events = [intentEvent(orderIntent('a'), epoch)];
    await ledger.commit(events, { epoch });
    await ledger.releaseLease(epoch);
    await leaseOf(ledger, 'two');
    expect(seqsOf(await ledger.commit(events, { epoch }))).toEqual([1]);
  });
}
