import { expect, test } from 'vitest';
import { readTestJson } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { price, quantity, quoteAmount, ratio } from '../money/index.ts';
import { type Filters, type Instrument, readExchangeInfo, readInstrument, stepOf, tickOf } from './index.ts';

const PRICE_FILTER = {
  filterType: 'PRICE_FILTER',
  minPrice: '0.01',
  maxPrice: '1000000.00',
  tickSize: '0.01',
};
const LOT_SIZE = { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000.00', stepSize: '0.00001' };

/** A symbol as production sent it in 2026, with the filters of the test added. */
const entry = (changes: object = {}, filters: readonly unknown[] = []) => ({
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  orderTypes: ['LIMIT', 'MARKET'],
  icebergAllowed: true,
  isSpotTradingAllowed: true,
  filters: [PRICE_FILTER, LOT_SIZE, ...filters],
  ...changes,
});

function read(changes: object = {}, filters: readonly unknown[] = []) {
  const { instrument, problems } = readInstrument(entry(changes, filters));
  if (instrument === undefined) throw new Error('no instrument was read');
  return { instrument, problems };
}

const filtersOf = (...filters: readonly unknown[]): Filters => read({}, filters).instrument.filters;

test('reads the names, the flags and the mandatory filters of a symbol', () => {
  const { instrument, problems } = read({
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: true,
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'DECREMENT'],
  });
  expect(problems).toEqual([]);
  expect(instrument).toEqual({
    symbol: 'BTCUSDT',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    status: 'TRADING',
    orderTypes: ['LIMIT', 'MARKET'],
    filters: {
      price: { minimum: price('0.01'), maximum: price('1000000'), tick: price('0.01') },
      lot: { minimum: quantity('0.00001'), maximum: quantity('9000'), step: quantity('0.00001') },
    },
    unknownFilters: [],
    blockers: [],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteAmountMarketAllowed: true,
    trailingStopAllowed: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegAllowed: true,
    selfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'DECREMENT'],
    defaultSelfTradePrevention: 'EXPIRE_MAKER',
  } satisfies Instrument);
});

test('a permission that an old body does not know is not given, and that is no problem', () => {
  const { instrument, problems } = read();
  expect(instrument).toMatchObject({
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteAmountMarketAllowed: false,
    trailingStopAllowed: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    pegAllowed: false,
    selfTradePreventionModes: [],
    defaultSelfTradePrevention: 'NONE',
  });
  expect(problems).toEqual([]);
});

test('zero says that a bound is off, and the bound is absent', () => {
  const { instrument, problems } = read({
    filters: [
      { ...PRICE_FILTER, minPrice: '0.00000000', maxPrice: '0', tickSize: '0.00' },
      { ...LOT_SIZE, minQty: '0', maxQty: '0.0', stepSize: '0' },
      { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '141.67845966', stepSize: '0.00000000' },
      { filterType: 'MIN_NOTIONAL', minNotional: '0', applyToMarket: false, avgPriceMins: 0 },
      { filterType: 'MAX_POSITION', maxPosition: '0' },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 0 },
      { filterType: 'ICEBERG_PARTS', limit: 0 },
    ],
  });
  expect(problems).toEqual([]);
  expect(instrument.blockers).toEqual([]);
  expect(instrument.filters).toEqual({
    price: {},
    lot: {},
    marketLot: { maximum: quantity('141.67845966') },
    notional: { minimumAppliesToMarket: false, maximumAppliesToMarket: false, averageMinutes: 0 },
  });
});

test.each([
  {
    filter: { filterType: 'PERCENT_PRICE', multiplierUp: '5', multiplierDown: '0.2', avgPriceMins: 5 },
    read: { percentPrice: { up: ratio('5'), down: ratio('0.2'), averageMinutes: 5 } },
  },
  {
    filter: {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: '2',
      bidMultiplierDown: '0.5',
      askMultiplierUp: '3',
      askMultiplierDown: '0.25',
      avgPriceMins: 1,
    },
    read: {
      percentPriceBySide: {
        bidUp: ratio('2'),
        bidDown: ratio('0.5'),
        askUp: ratio('3'),
        askDown: ratio('0.25'),
        averageMinutes: 1,
      },
    },
  },
  {
    filter: { filterType: 'MARKET_LOT_SIZE', minQty: '1', maxQty: '2', stepSize: '0.5' },
    read: { marketLot: { minimum: quantity('1'), maximum: quantity('2'), step: quantity('0.5') } },
  },
  {
    filter: { filterType: 'MIN_NOTIONAL', minNotional: '10', applyToMarket: true, avgPriceMins: 5 },
    read: {
      notional: {
        minimum: quoteAmount('10'),
        minimumAppliesToMarket: true,
        maximumAppliesToMarket: false,
        averageMinutes: 5,
      },
    },
  },
  {
    filter: {
      filterType: 'NOTIONAL',
      minNotional: '5',
      applyMinToMarket: false,
      maxNotional: '9000000',
      applyMaxToMarket: true,
      avgPriceMins: 3,
    },
    read: {
      notional: {
        minimum: quoteAmount('5'),
        minimumAppliesToMarket: false,
        maximum: quoteAmount('9000000'),
        maximumAppliesToMarket: true,
        averageMinutes: 3,
      },
    },
  },
  { filter: { filterType: 'ICEBERG_PARTS', limit: 10 }, read: { icebergPartsMaximum: 10 } },
  { filter: { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 }, read: { openOrdersMaximum: 200 } },
  { filter: { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 }, read: { openAlgoOrdersMaximum: 5 } },
  {
    filter: { filterType: 'MAX_NUM_ICEBERG_ORDERS', maxNumIcebergOrders: 6 },
    read: { openIcebergOrdersMaximum: 6 },
  },
  {
    filter: { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
    read: { openOrderListsMaximum: 20 },
  },
  { filter: { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 10 }, read: { amendsMaximum: 10 } },
  {
    filter: { filterType: 'MAX_POSITION', maxPosition: '43.5' },
    read: { positionMaximum: quantity('43.5') },
  },
  {
    filter: {
      filterType: 'TRAILING_DELTA',
      minTrailingAboveDelta: 10,
      maxTrailingAboveDelta: 2000,
      minTrailingBelowDelta: 20,
      maxTrailingBelowDelta: 1000,
    },
    read: {
      trailingDelta: {
        aboveMinimumBps: 10,
        aboveMaximumBps: 2000,
        belowMinimumBps: 20,
        belowMaximumBps: 1000,
      },
    },
  },
])('reads $filter.filterType', ({ filter, read: expected }) => {
  const { price: _price, lot: _lot, ...rest } = filtersOf(filter);
  expect(rest).toEqual(expected);
});

test('of both forms of the notional filter the stricter minimum binds', () => {
  const older = { filterType: 'MIN_NOTIONAL', minNotional: '10', applyToMarket: true, avgPriceMins: 5 };
  const newer = {
    filterType: 'NOTIONAL',
    minNotional: '5',
    applyMinToMarket: false,
    maxNotional: '100',
    applyMaxToMarket: false,
    avgPriceMins: 1,
  };
  const expected = {
    minimum: quoteAmount('10'),
    minimumAppliesToMarket: true,
    maximum: quoteAmount('100'),
    maximumAppliesToMarket: false,
    averageMinutes: 1,
  };
  expect(filtersOf(older, newer).notional).toEqual(expected);
  expect(filtersOf(newer, older).notional).toEqual(expected);
  expect(filtersOf({ ...older, minNotional: '1' }, newer).notional?.minimum).toBe(quoteAmount('5'));
  expect(filtersOf(older, { ...newer, minNotional: '0' }).notional?.minimum).toBe(quoteAmount('10'));
  expect(filtersOf({ ...older, minNotional: '0' }, newer).notional?.minimumAppliesToMarket).toBe(false);
});

test('a filter that we do not know is kept by name and reported, and blocks nothing', () => {
  const { instrument, problems } = read({}, [
    { filterType: 'T_PLUS_SELL', endTime: 1 },
    { filterType: 'toString' },
  ]);
  expect(instrument.unknownFilters).toEqual(['T_PLUS_SELL', 'toString']);
  expect(instrument.blockers).toEqual([]);
  expect(problems).toEqual([
    { symbol: 'BTCUSDT', field: 'T_PLUS_SELL.filterType', reason: 'unknown', found: 'T_PLUS_SELL' },
    { symbol: 'BTCUSDT', field: 'toString.filterType', reason: 'unknown', found: 'toString' },
  ]);
});

test.each([
  { filters: [LOT_SIZE], blockers: ['PRICE_FILTER is missing'] },
  { filters: [PRICE_FILTER], blockers: ['LOT_SIZE is missing'] },
  { filters: [], blockers: ['PRICE_FILTER is missing', 'LOT_SIZE is missing'] },
  {
    filters: [{ ...PRICE_FILTER, tickSize: 'fine' }, LOT_SIZE],
    blockers: ['PRICE_FILTER.tickSize is not understood'],
  },
  {
    filters: [PRICE_FILTER, { filterType: 'LOT_SIZE', minQty: '1', maxQty: '2' }],
    blockers: ['LOT_SIZE.stepSize is missing'],
  },
  { filters: [PRICE_FILTER, LOT_SIZE, LOT_SIZE], blockers: ['LOT_SIZE.filterType is duplicate'] },
  { filters: [PRICE_FILTER, LOT_SIZE, 7], blockers: ['filters[2] is not understood'] },
  {
    filters: [PRICE_FILTER, LOT_SIZE, { filterType: 'MAX_NUM_ORDERS', maxNumOrders: '200' }],
    blockers: ['MAX_NUM_ORDERS.maxNumOrders is not understood'],
  },
])('a symbol whose rules are not known is not tradable: $blockers', ({ filters, blockers }) => {
  expect(read({ filters }).instrument.blockers).toEqual(blockers);
});

test.each([
  ['PRICE_FILTER.minPrice', { ...PRICE_FILTER, minPrice: '-1' }, 'not_understood', '-1'],
  ['PRICE_FILTER.minPrice', { ...PRICE_FILTER, minPrice: 0.01 }, 'not_understood', '0.01'],
  ['PRICE_FILTER.minPrice', { ...PRICE_FILTER, minPrice: '0.000000001' }, 'not_understood', '0.000000001'],
  ['PRICE_FILTER.minPrice', { ...PRICE_FILTER, minPrice: '' }, 'not_understood', ''],
  ['PRICE_FILTER.minPrice', { ...PRICE_FILTER, minPrice: null }, 'not_understood', 'null'],
  ['PRICE_FILTER.maxPrice', { filterType: 'PRICE_FILTER', minPrice: '1', tickSize: '1' }, 'missing', ''],
] as const)('%s of %o is reported as %s', (field, filter, reason, found) => {
  const { instrument, problems } = read({ filters: [filter, LOT_SIZE] });
  expect(problems).toEqual([{ symbol: 'BTCUSDT', field, reason, found }]);
  expect(instrument.blockers).toEqual([`${field} is ${reason === 'missing' ? reason : 'not understood'}`]);
});

test.each([
  ['PERCENT_PRICE', { multiplierUp: '0', multiplierDown: '0', avgPriceMins: 5 }, 'multiplierUp'],
  ['PERCENT_PRICE', { multiplierUp: '5', multiplierDown: '0.2', avgPriceMins: -1 }, 'avgPriceMins'],
  ['PERCENT_PRICE', { multiplierUp: '5', multiplierDown: '0.2', avgPriceMins: 1.5 }, 'avgPriceMins'],
  [
    'PERCENT_PRICE_BY_SIDE',
    {
      bidMultiplierUp: '5',
      bidMultiplierDown: '1',
      askMultiplierUp: 'x',
      askMultiplierDown: '1',
      avgPriceMins: 5,
    },
    'askMultiplierUp',
  ],
  [
    'TRAILING_DELTA',
    {
      minTrailingAboveDelta: 1,
      maxTrailingAboveDelta: 2,
      minTrailingBelowDelta: 1,
      maxTrailingBelowDelta: '2',
    },
    'maxTrailingBelowDelta',
  ],
])('half of a %s rule is none, and it is reported', (filterType, fields, field) => {
  const { instrument, problems } = read({}, [{ filterType, ...fields }]);
  expect(Object.keys(instrument.filters)).toEqual(['price', 'lot']);
  expect(problems).toMatchObject([{ field: `${filterType}.${field}`, reason: 'not_understood' }]);
  expect(instrument.blockers).toEqual([`${filterType}.${field} is not understood`]);
});

test.each([
  ['NOTIONAL', ['minNotional', 'applyMinToMarket', 'maxNotional', 'applyMaxToMarket', 'avgPriceMins'], true],
  ['MIN_NOTIONAL', ['minNotional', 'applyToMarket', 'avgPriceMins'], false],
])(
  'what is missing of %s is reported, and its flags count as the stricter answer',
  (filterType, fields, hasMaximum) => {
    const { instrument, problems } = read({}, [{ filterType }]);
    expect(instrument.filters.notional).toEqual({
      minimumAppliesToMarket: true,
      maximumAppliesToMarket: hasMaximum,
      averageMinutes: 0,
    });
    expect(problems.map(({ field, reason }) => [field, reason])).toEqual(
      fields.map((field) => [`${filterType}.${field}`, 'missing']),
    );
    expect(instrument.blockers).toHaveLength(fields.length);
  },
);

test('prices and quantities move by the increments that the venue states, or by the finest there are', () => {
  const { instrument } = read();
  expect([tickOf(instrument), stepOf(instrument)]).toEqual([price('0.01'), quantity('0.00001')]);
  const free = read({ filters: [] }).instrument;
  expect([tickOf(free), stepOf(free)]).toEqual([price('0.00000001'), quantity('0.00000001')]);
});

test('a status that we do not know is kept, reported and not tradable', () => {
  const { instrument, problems } = read({ status: 'AUCTION_MATCH' });
  expect(instrument.status).toEqual({ unknown: 'AUCTION_MATCH' });
  expect(instrument.blockers).toEqual(['its status is unknown: AUCTION_MATCH']);
  expect(problems).toEqual([
    { symbol: 'BTCUSDT', field: 'status', reason: 'unknown', found: 'AUCTION_MATCH' },
  ]);
  expect(read({ status: undefined }).instrument.blockers).toEqual(['its status is unknown: none']);
});

test.each(['TRADING', 'HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY'] as const)(
  'knows the status %s',
  (status) => {
    const { instrument, problems } = read({ status });
    expect([instrument.status, instrument.blockers, problems]).toEqual([status, [], []]);
  },
);

test('a symbol that is not for the spot market is not tradable', () => {
  expect(read({ isSpotTradingAllowed: false }).instrument.blockers).toEqual([
    'spot trading of it is not allowed',
  ]);
  expect(read({ isSpotTradingAllowed: undefined }).instrument.blockers).toEqual([]);
});

test('order types and modes that we do not know are kept out and reported', () => {
  const { instrument, problems } = read({
    orderTypes: ['LIMIT', 'ICEBERG_PLUS', 5, 'TAKE_PROFIT'],
    allowedSelfTradePreventionModes: ['NONE', 'EXPIRE_ALL', 'TRANSFER'],
    defaultSelfTradePreventionMode: 'EXPIRE_ALL',
  });
  expect(instrument).toMatchObject({
    orderTypes: ['LIMIT', 'TAKE_PROFIT'],
    selfTradePreventionModes: ['NONE', 'TRANSFER'],
    defaultSelfTradePrevention: 'NONE',
    blockers: [],
  });
  expect(problems.map(({ field, reason, found }) => [field, reason, found])).toEqual([
    ['orderTypes', 'unknown', 'ICEBERG_PLUS'],
    ['orderTypes', 'unknown', '5'],
    ['allowedSelfTradePreventionModes', 'unknown', 'EXPIRE_ALL'],
    ['defaultSelfTradePreventionMode', 'unknown', 'EXPIRE_ALL'],
  ]);
});

test.each([
  null,
  undefined,
  5,
  'BTCUSDT',
  [],
  {},
  { symbol: 7 },
  { symbol: '' },
  { symbol: 'X', baseAsset: 'X' },
])('no instrument is made of %j, and what is missing is named', (odd) => {
  const { instrument, problems } = readInstrument(odd, 'symbols[3]');
  expect(instrument).toBeUndefined();
  expect(problems.length).toBeGreaterThan(0);
});

test.each([
  [{ orderTypes: 'LIMIT' }, 'orderTypes'],
  [{ filters: {} }, 'filters'],
  [{ ocoAllowed: 'yes' }, 'ocoAllowed'],
])('an entry with %j is read, and the field reported', (changes, field) => {
  expect(read(changes).problems).toMatchObject([{ symbol: 'BTCUSDT', field, reason: 'not_understood' }]);
});

test('what a problem shows of the data is short', () => {
  const { problems } = read({ status: 'X'.repeat(1000) });
  expect(problems[0]?.found).toBe('X'.repeat(60));
});

test('reads a whole body, with the filters over all symbols', () => {
  const info = readExchangeInfo({
    exchangeFilters: [
      { filterType: 'EXCHANGE_MAX_NUM_ORDERS', maxNumOrders: 1000 },
      { filterType: 'EXCHANGE_MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 200 },
      { filterType: 'EXCHANGE_MAX_NUM_ICEBERG_ORDERS', maxNumIcebergOrders: 300 },
      { filterType: 'EXCHANGE_MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
      { filterType: 'EXCHANGE_MAX_MOOD', mood: 1 },
    ],
    symbols: [entry(), entry({ symbol: 'ETHUSDT', baseAsset: 'ETH' }), entry({ status: 'HALT' }), 17],
  });
  expect([...info.instruments.keys()]).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(info.instruments.get('BTCUSDT')?.status).toBe('TRADING');
  expect(info.exchangeFilters).toEqual({
    openOrdersMaximum: 1000,
    openAlgoOrdersMaximum: 200,
    openIcebergOrdersMaximum: 300,
    openOrderListsMaximum: 20,
  });
  expect(info.unknownExchangeFilters).toEqual(['EXCHANGE_MAX_MOOD']);
  expect(info.problems.map(({ symbol, field, reason }) => [symbol, field, reason])).toEqual([
    ['BTCUSDT', 'symbol', 'duplicate'],
    ['symbols[3]', 'symbol', 'missing'],
    ['symbols[3]', 'baseAsset', 'missing'],
    ['symbols[3]', 'quoteAsset', 'missing'],
    ['exchange', 'EXCHANGE_MAX_MOOD.filterType', 'unknown'],
  ]);
});

test.each([null, '<html>', [], { symbols: {} }])(
  'a body that is none (%j) is a problem, not an exception',
  (body) => {
    const info = readExchangeInfo(body);
    expect(info.instruments.size).toBe(0);
    expect(info.problems.some(({ field }) => field === 'symbols')).toBe(true);
  },
);

/** How many symbols have each filter, as the description of the data counts them. */
const BODIES = [
  {
    file: 'exchangeInfo-binance-2020-10-07',
    symbols: 1089,
    status: { TRADING: 815, BREAK: 274 },
    filters: {
      price: 1089,
      lot: 1089,
      percentPrice: 1089,
      notional: 1089,
      icebergPartsMaximum: 1089,
      marketLot: 1011,
      openOrdersMaximum: 1089,
      openAlgoOrdersMaximum: 1089,
      positionMaximum: 2,
    },
  },
  {
    file: 'exchangeInfo-binance-2021-10-12',
    symbols: 1695,
    status: { TRADING: 1262, BREAK: 433 },
    filters: {
      price: 1695,
      lot: 1695,
      percentPrice: 1695,
      notional: 1695,
      icebergPartsMaximum: 1695,
      marketLot: 1614,
      openOrdersMaximum: 1695,
      openAlgoOrdersMaximum: 1695,
      positionMaximum: 40,
    },
  },
  {
    file: 'exchangeInfo-testnet-2024-09-08',
    symbols: 1248,
    status: { TRADING: 1248 },
    filters: {
      price: 1248,
      lot: 1248,
      percentPriceBySide: 1248,
      notional: 1248,
      icebergPartsMaximum: 1248,
      marketLot: 1248,
      openOrdersMaximum: 1248,
      openAlgoOrdersMaximum: 1248,
      trailingDelta: 1248,
    },
  },
];

testWithSharedData.each(BODIES)('reads every symbol of $file', ({ file, symbols, status, filters }) => {
  const info = readExchangeInfo(readTestJson(`rest/${file}.json.gz`));
  const instruments = [...info.instruments.values()];
  expect(info.problems).toEqual([]);
  expect(instruments).toHaveLength(symbols);
  expect(countOf(instruments.map((instrument) => String(instrument.status)))).toEqual(status);
  expect(countOf(instruments.flatMap((instrument) => Object.keys(instrument.filters)))).toEqual(filters);
  expect(info.exchangeFilters).toEqual({});
});

testWithSharedData('leveraged tokens are the only symbols of 2021 that are not tradable as such', () => {
  const { instruments } = readExchangeInfo(readTestJson('rest/exchangeInfo-binance-2021-10-12.json.gz'));
  const blocked = [...instruments.values()].filter(({ blockers }) => blockers.length > 0);
  expect(blocked).toHaveLength(40);
  expect(blocked.every(({ baseAsset }) => /(UP|DOWN)$/.test(baseAsset))).toBe(true);
});

testWithSharedData('reads the values of a real symbol', () => {
  const { instruments } = readExchangeInfo(readTestJson('rest/exchangeInfo-testnet-2024-09-08.json.gz'));
  expect(instruments.get('ETHBTC')).toMatchObject({
    baseAsset: 'ETH',
    quoteAsset: 'BTC',
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    filters: {
      price: { minimum: price('0.00001'), maximum: price('922327'), tick: price('0.00001') },
      lot: { minimum: quantity('0.0001'), maximum: quantity('100000'), step: quantity('0.0001') },
      marketLot: { maximum: quantity('2255.71583723') },
      notional: { minimum: quoteAmount('0.0001'), maximum: quoteAmount('9000000'), averageMinutes: 5 },
    },
    otoAllowed: true,
    opoAllowed: false,
    selfTradePreventionModes: ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
    defaultSelfTradePrevention: 'EXPIRE_MAKER',
  });
});

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
