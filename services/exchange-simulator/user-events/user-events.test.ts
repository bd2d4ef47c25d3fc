import { parsePrice, parseQuantity, parseQuoteAmount, type Quantity } from '@tradewind/core/money';
import { VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import type { ExecutionReport, Fill, ListStatusReport, Order } from '../exchange/index.ts';
import vectors from '../protocol/test-vectors/events.json' with { type: 'json' };
import type { UserEvent } from './user-event.ts';
import { UserEvents } from './user-events.ts';

const expectValue = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const quantityOf = (text: string): Quantity => expectValue(parseQuantity(text));
const priceOf = (text: string) => expectValue(parsePrice(text));
const quoteOf = (text: string) => expectValue(parseQuoteAmount(text));

const NOTHING: Order = {
  symbol: 'LTCBNB',
  account: 1,
  orderId: 32,
  orderListId: -1,
  clientOrderId: '8LGC97RRgNPVQk979VIhjt',
  placedClientOrderId: '8LGC97RRgNPVQk979VIhjt',
  side: 'BUY',
  type: 'MARKET',
  timeInForce: 'GTC',
  price: priceOf('0'),
  quantity: quantityOf('6'),
  quoteOrderQuantity: quoteOf('0'),
  executedQuantity: quantityOf('0'),
  executedQuote: quoteOf('0'),
  status: 'NEW',
  stopPrice: priceOf('0'),
  icebergQuantity: quantityOf('0'),
  trailingDelta: 0,
  trailingTimeMs: -1,
  strategyId: undefined,
  strategyType: undefined,
  selfTradePrevention: 'NONE',
  pegPriceType: undefined,
  pegOffsetLevels: undefined,
  peggedPrice: undefined,
  preventedMatchId: undefined,
  preventedQuantity: quantityOf('0'),
  tradeGroup: undefined,
  createdAtMs: 1719467634105,
  updatedAtMs: 1719467634105,
  workingTimeMs: 1719467634105,
  isWorking: true,
  expiryReason: 'NONE',
};

const reportOf = (change: Partial<ExecutionReport>, order: Partial<Order>): ExecutionReport => ({
  executionType: 'NEW',
  executionId: 62,
  timeMs: 1719467634105,
  order: { ...NOTHING, ...order },
  originalClientOrderId: '',
  rejectReason: 'NONE',
  isOnBook: false,
  fill: undefined,
  prevention: undefined,
  ...change,
});

const fillOf = (tradeId: number): Fill => ({
  symbol: 'LTCBNB',
  account: 1,
  tradeId,
  orderId: 32,
  orderListId: -1,
  price: priceOf('1'),
  quantity: quantityOf('2'),
  quoteQuantity: quoteOf('2'),
  commission: quantityOf('0.001'),
  commissionAsset: 'BNB',
  timeMs: 1719467634105,
  isBuyer: true,
  isMaker: false,
});

/** What is told of it, a millisecond or two after it happened, as in the samples. */
function told(eventTimeMs: number, happen: (events: UserEvents) => void): UserEvent[] {
  const events: UserEvent[] = [];
  const sink = { tell: (event: UserEvent) => void events.push(event) };
  happen(new UserEvents(sink, { isHeard: () => true }, new VirtualTime(eventTimeMs)));
  return events;
}
const textOf = (events: readonly UserEvent[]): string => events[0]!.text('MILLISECOND');
const exampleOf = (kind: string): object => vectors.userDataEvents.find((it) => it.e === kind)!.example.event;

describe('executionReport', () => {
  const partly = {
    executedQuantity: quantityOf('2'),
    executedQuote: quoteOf('2'),
    status: 'PARTIALLY_FILLED',
  } as const;
  const further = {
    executedQuantity: quantityOf('4'),
    executedQuote: quoteOf('4'),
    status: 'PARTIALLY_FILLED',
  } as const;
  const reports = [
    reportOf({ isOnBook: true }, {}),
    reportOf({ executionType: 'TRADE', executionId: 63, fill: fillOf(7) }, partly),
    reportOf({ executionType: 'TRADE', executionId: 65, fill: fillOf(8) }, further),
    reportOf({ executionType: 'EXPIRED', executionId: 67 }, { ...further, status: 'EXPIRED' }),
  ];
  test.each(reports.map((report, index) => ({ report, sample: vectors.marketOrderSequence[index]! })))(
    'of a market order that finds too little, $sample.x $sample.I, is the sample to the letter',
    ({ report, sample }) => {
      const text = textOf(told(1719467634107, (events) => events.executionReport(report)));
      expect(text).toBe(JSON.stringify(sample));
    },
  );

  const stated = vectors.userDataEvents.find((it) => it.e === 'executionReport')!;
  const conditional = Object.keys(stated.conditionalFields!);
  const always = Object.keys(stated.fields).filter((key) => !conditional.includes(key));
  const keysOf = (report: ExecutionReport): string[] =>
    Object.keys(JSON.parse(textOf(told(1, (events) => events.executionReport(report)))) as object);

  test.each([
    { when: 'a stop waits', order: { workingTimeMs: -1 }, report: {}, keys: [] },
    {
      when: 'an order trails',
      order: { trailingDelta: 100, workingTimeMs: -1 },
      report: {},
      keys: ['d', 'D'],
    },
    {
      when: 'it has a strategy',
      order: { strategyId: 1, strategyType: 1000000 },
      report: {},
      keys: ['j', 'J', 'W'],
    },
    {
      when: 'it is pegged',
      order: { pegPriceType: 'PRIMARY_PEG', pegOffsetLevels: 1, peggedPrice: priceOf('2') },
      report: {},
      keys: ['gP', 'gOT', 'gOV', 'gp', 'W'],
    },
    {
      when: 'it expired for a reason',
      order: { expiryReason: 'INSUFFICIENT_LIQUIDITY', status: 'EXPIRED' },
      report: { executionType: 'EXPIRED' },
      keys: ['eR', 'W'],
    },
    {
      when: 'self-trade prevention took a part',
      order: { preventedMatchId: 3, preventedQuantity: quantityOf('1'), tradeGroup: 7 },
      report: {
        executionType: 'TRADE_PREVENTION',
        prevention: {
          preventedMatchId: 3,
          mode: 'DECREMENT',
          price: priceOf('1'),
          quantity: quantityOf('1'),
          quoteQuantity: quoteOf('1'),
          counterOrderId: 5,
          counterSymbol: 'LTCBNB',
        },
      },
      keys: ['v', 'A', 'B', 'u', 'U', 'Cs', 'pl', 'pL', 'pY', 'W'],
    },
    {
      when: 'it was touched by self-trade prevention before',
      order: { preventedMatchId: 3, preventedQuantity: quantityOf('1') },
      report: {},
      keys: ['v', 'A', 'W'],
    },
  ] as const)('has exactly the keys of the reference when $when', ({ order, report, keys }) => {
    expect(keysOf(reportOf(report, order)).toSorted()).toEqual([...always, ...keys].toSorted());
    for (const key of keys) expect(conditional).toContain(key);
  });

  test('an order of an OPO that waits for its quantity has none', () => {
    const text = textOf(told(1, (it) => it.executionReport(reportOf({}, { quantity: undefined }))));
    expect(JSON.parse(text)).toMatchObject({ q: '0.00000000' });
  });

  test('says its times in microseconds to who wants them so', () => {
    const [event] = told(1719467634107, (it) => it.executionReport(reportOf({}, { trailingDelta: 5 })));
    expect(JSON.parse(event!.text('MICROSECOND'))).toMatchObject({
      E: 1719467634107000,
      T: 1719467634105000,
      O: 1719467634105000,
      W: 1719467634105000,
      D: -1,
    });
  });
});

test('listStatus is the sample to the letter', () => {
  const sample = exampleOf('listStatus') as Record<string, unknown>;
  const report: ListStatusReport = {
    rejectReason: 'NONE',
    timeMs: 1564035303625,
    list: {
      orderListId: 2,
      symbol: 'ETHBTC',
      account: 1,
      kind: 'OCO',
      contingencyType: 'OCO',
      listStatusType: 'EXEC_STARTED',
      listOrderStatus: 'EXECUTING',
      listClientOrderId: 'F4QN4G8DlFATFlIUQ0cjdD',
      createdAtMs: 1564035303625,
      transactionTimeMs: 1564035303625,
      orders: [
        { symbol: 'ETHBTC', orderId: 17, clientOrderId: 'AJYsMjErWJesZvqlJCTUgL' },
        { symbol: 'ETHBTC', orderId: 18, clientOrderId: 'bfYPSQdLoqAJeNrOr9adzq' },
      ],
    },
  };
  expect(textOf(told(1564035303637, (it) => it.listStatus(report)))).toBe(JSON.stringify(sample));
});

test('outboundAccountPosition has the keys and the values of the sample', () => {
  const balances = [{ asset: 'ETH', free: quantityOf('10000'), locked: quantityOf('0') }];
  const position = { account: 1, timeMs: 1564034571073, balances };
  const text = textOf(told(1564034571105, (it) => it.accountPosition(position)));
  expect(JSON.parse(text)).toEqual({
    ...exampleOf('outboundAccountPosition'),
    B: [{ a: 'ETH', f: '10000.00000000', l: '0.00000000' }],
  });
});

test('B4, B6: balanceUpdate and externalLockUpdate are the samples to the letter', () => {
  const deposit = { account: 1, asset: 'BTC', delta: quantityOf('100'), timeMs: 1573200697068 };
  expect(textOf(told(1573200697110, (it) => it.balanceUpdate(deposit)))).toBe(
    JSON.stringify(exampleOf('balanceUpdate')),
  );
  const lock = { account: 1, asset: 'NEO', delta: quantityOf('10'), timeMs: 1581557507268 };
  expect(textOf(told(1581557507324, (it) => it.externalLock(lock)))).toBe(
    JSON.stringify(exampleOf('externalLockUpdate')),
  );
});

test('nothing is told of an account that nobody hears', () => {
  const events: UserEvent[] = [];
  const users = new UserEvents(
    { tell: (event) => void events.push(event) },
    { isHeard: (account) => account === 2 },
    new VirtualTime(1),
  );
  users.executionReport(reportOf({}, {}));
  users.executionReport(reportOf({}, { account: 2 }));
  expect(events.map((it) => [it.account, it.kind, it.symbol])).toEqual([[2, 'executionReport', 'LTCBNB']]);
});
