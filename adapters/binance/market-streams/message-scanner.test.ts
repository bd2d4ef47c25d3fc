import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTestLines } from '../../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import { MessageScanner } from './message-scanner.ts';
import { market, readByScanner, readPlainly } from './plain-reading.test-support.ts';
import examples from './stream-examples.json' with { type: 'json' };

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const MARKETS = [
  market('BTCUSDT', 2, 8),
  market('BNBBTC', 7, 3),
  market('BNBUSDT', 8, 8),
  market('这是测试币456', 4, 4),
];

const scanned = (text: string) => {
  const scanner = new MessageScanner(MARKETS);
  return { scanner, kind: scanner.scan(encode(text)) };
};

describe('hot messages of the reference (binance-spot.md section 8.3)', () => {
  test.each([
    ['raw', (event: object) => JSON.stringify(event)],
    ['combined', (event: object) => JSON.stringify({ stream: 'any@name', data: event })],
  ])('are read to the last digit, %s', (_, write) => {
    const scanner = new MessageScanner(MARKETS);
    expect(readByScanner(scanner, encode(write(examples.depthUpdate)))).toEqual({
      kind: 'depth',
      symbol: 'BNBBTC',
      eventTimeMs: 1672515782136,
      firstUpdateId: 157,
      lastUpdateId: 160,
      bids: [[24_000, 10_000]],
      asks: [[26_000, 100_000]],
    });
    expect(readByScanner(scanner, encode(write(examples.trade)))).toEqual({
      kind: 'trade',
      symbol: 'BNBBTC',
      eventTimeMs: 1672515782136,
      id: 12345,
      firstTradeId: 12345,
      lastTradeId: 12345,
      price: 10_000,
      quantity: 100_000,
      timeMs: 1672515782136,
      buyerIsMaker: true,
    });
    expect(readByScanner(scanner, encode(write(examples.aggTrade)))).toMatchObject({
      kind: 'aggTrade',
      id: 12345,
      firstTradeId: 100,
      lastTradeId: 105,
    });
    expect(readByScanner(scanner, encode(write(examples.bookTicker)))).toEqual({
      kind: 'quote',
      symbol: 'BNBUSDT',
      updateId: 400900217,
      bidPrice: 2_535_190_000,
      bidQuantity: 3_121_000_000,
      askPrice: 2_536_520_000,
      askQuantity: 4_066_000_000,
    });
    expect(scanner.slowMessages).toBe(0);
  });

  test('events of other streams and answers to requests are handed over as they are', () => {
    expect(scanned('{"result":null,"id":1}').scanner.other).toEqual({
      stream: undefined,
      data: { result: null, id: 1 },
    });
    const ticker = { e: '24hrMiniTicker', s: 'BNBBTC', c: '0.0025' };
    const { scanner, kind } = scanned(JSON.stringify({ stream: '!miniTicker@arr', data: [ticker] }));
    expect([kind, scanner.other]).toEqual(['other', { stream: '!miniTicker@arr', data: [ticker] }]);
  });
});

test('the payload says which symbol and which kind of event it is, whatever stream it came on', () => {
  const scanner = new MessageScanner(MARKETS);
  const on = (stream: string, event: object) =>
    readByScanner(scanner, encode(JSON.stringify({ stream, data: event })));
  expect(on('btcusdt@trade', examples.trade)).toMatchObject({
    kind: 'trade',
    symbol: 'BNBBTC',
    price: 10_000,
  });
  expect(on('bnbbtc@trade', examples.aggTrade)).toMatchObject({ kind: 'aggTrade', id: 12345 });
  expect(on('bnbusdt@depth', examples.bookTicker)).toMatchObject({ kind: 'quote', symbol: 'BNBUSDT' });
  expect(on('bnbusdt@bookTicker', examples.depthUpdate)).toMatchObject({ kind: 'depth', symbol: 'BNBBTC' });
  // The head of a quote ends before anything that would tell it from another event.
  expect(scanner.slowMessages).toBe(1);
});

describe('a message that is written unusually', () => {
  const TRADE = '"E":1,"s":"BTCUSDT","t":5,"p":"0.01","q":"0.00000001","T":2,"m":false';
  const expected = { kind: 'trade', id: 5, price: 1, quantity: 1, timeMs: 2, buyerIsMaker: false };

  test.each([
    ['as the venue writes it', `{"e":"trade",${TRADE},"M":true}`, 0],
    ['with the order ids of before 2024-06-18', `{"e":"trade",${TRADE},"b":88,"a":50,"M":true}`, 0],
    ['with fields that nobody knows', `{"e":"trade","x":"new","z":[1,{"p":"9"}],${TRADE}}`, 1],
    ['with one-letter fields that nobody knows', `{"e":"trade","x":"new","y":12,"z":true,${TRADE}}`, 0],
    ['with white space', `\n{ "e" : "trade", ${TRADE.replaceAll(',', ' ,\t')} }\n`, 1],
    ['with escapes', `{"e":"tr\\u0061de",${TRADE.replace('0.01', '\\u0030.01')}}`, 1],
    ['with the price before the symbol', `{"e":"trade","p":"0.01",${TRADE.replace('"p":"0.01",', '')}}`, 1],
    ['with the event type at the end', `{${TRADE},"e":"trade"}`, 1],
    ['with more zeros than the grid has places', `{"e":"trade",${TRADE.replace('0.01', '0.0100000000')}}`, 0],
    ['with a price twice, of which the last counts', `{"e":"trade","s":"BTCUSDT","p":"7",${TRADE}}`, 1],
    ['with an exponent', `{"e":"trade",${TRADE.replace('0.00000001', '1e-8')}}`, 1],
  ])('is read the same: %s', (_, text, slowMessages) => {
    const { scanner } = scanned('{}');
    expect(readByScanner(scanner, encode(text))).toMatchObject(expected);
    expect(scanner.slowMessages - 1).toBe(slowMessages);
  });

  test('of two event types the last one counts', () => {
    expect(scanned(`{"e":"trade",${TRADE},"e":"else"}`).kind).toBe('other');
  });

  test('a symbol may be written in any script', () => {
    const { scanner } = scanned(
      `{"e":"trade",${TRADE.replace('BTCUSDT', '这是测试币456').replace('0.00000001', '1')}}`,
    );
    expect(scanner.trade.market.symbol).toBe('这是测试币456');
  });
});

describe('a message that says nothing certain is refused with its reason', () => {
  const trade = (fields: object) => JSON.stringify({ ...examples.trade, s: 'BTCUSDT', ...fields });
  test.each([
    ['nothing at all', '', { reason: 'not_json' }],
    ['a message cut in the middle', trade({}).slice(0, 60), { reason: 'not_json' }],
    ['a missing field', trade({ p: undefined }), { reason: 'bad_field', message: 'trade', field: 'p' }],
    [
      'a number where a decimal text belongs',
      trade({ p: 1 }),
      { reason: 'bad_field', message: 'trade', field: 'p' },
    ],
    ['no decimal', trade({ p: '1.2.3' }), { reason: 'bad_field', message: 'trade', field: 'p' }],
    ['an empty price', trade({ p: '' }), { reason: 'bad_field', message: 'trade', field: 'p' }],
    ['a negative price', trade({ p: '-1' }), { reason: 'bad_field', message: 'trade', field: 'p' }],
    ['an id beyond 2^53', trade({ t: 2 ** 53 }), { reason: 'bad_field', message: 'trade', field: 't' }],
    ['a negative id', trade({ t: -1 }), { reason: 'bad_field', message: 'trade', field: 't' }],
    ['another symbol', trade({ s: 'ETHBTC' }), { reason: 'unknown_symbol', symbol: 'ETHBTC' }],
    [
      'a price between two ticks',
      trade({ p: '61837.635' }),
      { reason: 'not_on_grid', symbol: 'BTCUSDT', field: 'p', text: '61837.635' },
    ],
    [
      'a price that cannot be counted below 2^53',
      trade({ p: '90071992547410.00' }),
      { reason: 'not_on_grid', symbol: 'BTCUSDT', field: 'p', text: '90071992547410.00' },
    ],
    [
      'M11: a trade at a price of zero',
      trade({ p: '0.00' }),
      { reason: 'bad_field', message: 'trade', field: 'p' },
    ],
    [
      'M14: a value below the smallest lot, in exponent form',
      trade({ p: '0.01', q: '1e-18' }),
      { reason: 'not_on_grid', symbol: 'BTCUSDT', field: 'q', text: '1e-18' },
    ],
    [
      'update ids that run backwards',
      JSON.stringify({ ...examples.depthUpdate, U: 161 }),
      { reason: 'bad_field', message: 'depth', field: 'U' },
    ],
    [
      'a level of three values',
      JSON.stringify({ ...examples.depthUpdate, b: [['1', '1', '1']] }),
      { reason: 'bad_field', message: 'depth', field: 'b' },
    ],
    [
      'M11: a bid at a price of zero',
      JSON.stringify({ ...examples.bookTicker, b: '0.00' }),
      { reason: 'bad_field', message: 'quote', field: 'B' },
    ],
  ])('%s', (_, text, refusal) => {
    const { scanner, kind } = scanned(text);
    expect([kind, scanner.refusal]).toEqual(['refused', refusal]);
  });

  test('a scanner of no markets refuses every symbol', () => {
    const scanner = new MessageScanner([]);
    expect(scanner.scan(encode(JSON.stringify(examples.trade)))).toBe('refused');
    expect(scanner.refusal).toEqual({ reason: 'unknown_symbol', symbol: 'BNBBTC' });
  });

  test('the largest count below 2^53 is exact', () => {
    expect(scanned(trade({ p: '90071992547409.91' })).scanner.trade.price).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('an empty side of a quote is zeros', () => {
    const { scanner, kind } = scanned(
      JSON.stringify({ ...examples.bookTicker, b: '0.00000000', B: '0.00000000' }),
    );
    expect([kind, scanner.quote.bidPrice, scanner.quote.bidQuantity]).toEqual(['quote', 0, 0]);
  });
});

const FILES = [
  'BTCUSDT-spot-depth-trade-bookTicker-2024-08-08',
  'BTCUSDT-spot-depth-trade-bookTicker-2024-08-09',
  'binance-4-symbols-depth-aggTrade-kline-bookTicker-2021-10-12',
];
const RECORDED = [
  market('BTCUSDT', 2, 8),
  market('NKNUSDT', 8, 8),
  market('BLZETH', 8, 8),
  market('LRCBTC', 8, 8),
  market('RUNEEUR', 8, 8),
];

testWithSharedData.each(FILES)(
  'every message of the recording %s is read as JSON.parse and exact decimals read it',
  (file) => {
    const scanner = new MessageScanner(RECORDED);
    const kinds: Record<string, number> = {};
    let different = 0;
    for (const line of readTestLines(`ws/${file}.txt.gz`)) {
      const bytes = encode(line.slice(line.indexOf(' ') + 1));
      const ours = readByScanner(scanner, bytes);
      const kind = typeof ours === 'string' ? ours : ours.kind;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      if (!isEqual(ours, readPlainly(RECORDED, bytes))) different += 1;
    }
    expect(different).toBe(0);
    expect(kinds.refused).toBeUndefined();
    // Only what is no hot message needed the general reader.
    expect(scanner.slowMessages).toBe(kinds.other ?? 0);
  },
);

/** Numbers as the venue might ever write them, many of them at the edges of what is exact. */
const digits = (max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: max });
const decimalText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat({ max: 99_999 }), digits(8)).map(([whole, part]) => `${whole}.${part}`),
  },
  { weight: 2, arbitrary: fc.tuple(digits(18), digits(12)).map(([whole, part]) => `${whole}.${part}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '0',
      '0.00',
      '1.',
      '.5',
      '',
      '-1',
      '1e-7',
      '1E+3',
      '9007199254740991',
      '9007199254740992',
      '0.000000010',
      ' 1',
      '١',
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const id = fc.oneof(
  { weight: 8, arbitrary: fc.maxSafeNat() },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 2 ** 53, 1e21, null, '7', true) },
);
const symbol = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('BTCUSDT', 'BNBBTC', 'BNBUSDT') },
  { weight: 1, arbitrary: fc.constantFrom('这是测试币456', 'NONE', '', 'constructor') },
);
const side = fc.array(fc.tuple(decimalText, decimalText), { maxLength: 6 });
const extra = fc.dictionary(
  fc.constantFrom('x', 'y', 'M', 'new', '\\', '"', '__proto__'),
  fc.jsonValue({ maxDepth: 1 }),
  { maxKeys: 2 },
);
const event = fc.oneof(
  fc.record({
    e: fc.constant('depthUpdate'),
    E: id,
    s: symbol,
    U: fc.nat(1000),
    u: fc.nat(1000),
    b: side,
    a: side,
  }),
  fc.record({
    e: fc.constant('trade'),
    E: id,
    s: symbol,
    t: id,
    p: decimalText,
    q: decimalText,
    T: id,
    m: fc.boolean(),
  }),
  fc.record({
    e: fc.constant('aggTrade'),
    E: id,
    s: symbol,
    a: id,
    p: decimalText,
    q: decimalText,
    f: fc.nat(99),
    l: fc.nat(999),
    T: id,
    m: fc.boolean(),
  }),
  fc.record({ u: id, s: symbol, b: decimalText, B: decimalText, a: decimalText, A: decimalText }),
);
const OWN_STREAM = 'the one that carries such events';
/** undefined for a message without the envelope. */
const streamName = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 5, arbitrary: fc.constant(OWN_STREAM) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('btcusdt@trade', 'bnbbtc@depth@100ms', 'bnbusdt@bookTicker', 'any@name'),
  },
);
const ownStream = (fields: { readonly s: string; readonly e?: string }): string =>
  `${fields.s.toLowerCase()}@${STREAMS_OF_EVENTS[fields.e ?? 'bookTicker'] ?? fields.e}`;
const STREAMS_OF_EVENTS: Readonly<Record<string, string>> = { depthUpdate: 'depth@100ms' };

/** Most often as the venue writes it; sometimes with other fields, in another order, spaced out, or in the envelope. */
const messageText = fc
  .tuple(
    event,
    fc.option(extra, { nil: {} }),
    streamName,
    fc.boolean(),
    fc.option(fc.infiniteStream(fc.nat(99)), { nil: undefined }),
  )
  .map(([fields, more, stream, isSpaced, order]) => {
    let entries = [...Object.entries(fields), ...Object.entries(more)];
    if (order !== undefined) entries = entries.toSorted(() => order.next().value! - 50);
    const data = Object.fromEntries(entries);
    return JSON.stringify(
      stream === undefined ? data : { stream: stream === OWN_STREAM ? ownStream(fields) : stream, data },
      undefined,
      isSpaced ? 1 : undefined,
    );
  });

test('any message is read, or refused, as JSON.parse and exact decimals do it', () => {
  const scanner = new MessageScanner(MARKETS);
  fc.assert(
    fc.property(messageText, (text) => {
      expect(readByScanner(scanner, encode(text))).toEqual(readPlainly(MARKETS, encode(text)));
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 2000) },
  );
});

test('mutilated messages neither throw nor hang, and are never read otherwise than JSON.parse reads them', () => {
  const scanner = new MessageScanner(MARKETS);
  const mutation = fc.record({
    kind: fc.constantFrom('replace', 'insert', 'delete', 'cut', 'double'),
    at: fc.nat(400),
    byte: fc.oneof(fc.constantFrom(...encode('"{}[]:,.\\0159eEtrue-+ sbauU')), fc.nat(255)),
  });
  fc.assert(
    fc.property(messageText, fc.array(mutation, { minLength: 1, maxLength: 3 }), (text, mutations) => {
      let bytes = [...encode(text)];
      for (const { kind, at, byte } of mutations) {
        const place = at % (bytes.length + 1);
        if (kind === 'replace') bytes[place] = byte;
        else if (kind === 'insert') bytes.splice(place, 0, byte);
        else if (kind === 'delete') bytes.splice(place, 1);
        else if (kind === 'cut') bytes = bytes.slice(0, place);
        else bytes.splice(place, 0, ...bytes.slice(place, place + 1 + (byte % 40)));
      }
      const mutated = Uint8Array.from(bytes);
      expect(readByScanner(scanner, mutated)).toEqual(readPlainly(MARKETS, mutated));
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 5000) },
  );
});

/** As fast as a hundred thousand comparisons need it: fields of numbers, texts and pairs of numbers. */
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    : value;

testWithSharedData('the events of a published test collection are read, however they are laid out', () => {
  const scanner = new MessageScanner(MARKETS);
  const kinds: string[] = [];
  for (const line of readTestLines('fixtures/binance-net-streams-spot.jsonl.gz')) {
    const { name, body } = JSON.parse(line) as { name: string; body: string };
    // After the requests and replies of the collection (`>`, `<`) comes one event after `=`; `=1`, `=2` are for two sockets.
    const event = body.split(/^= */m)[1];
    if (!name.includes('/ExchangeData/') || event === undefined || /^\d/.test(event)) continue;
    const ours = readByScanner(scanner, encode(event));
    expect(ours).toEqual(readPlainly(MARKETS, encode(event)));
    kinds.push(typeof ours === 'string' ? ours : ours.kind);
  }
  expect(kinds.toSorted()).toEqual(['aggTrade', 'other', 'other', 'other', 'trade']);
});
