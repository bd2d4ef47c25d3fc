import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Bars, BarsBuilder, Interval, stepOf, tickOf } from '@tradewind/core/market';
import { formatAmount, formatPrice } from '@tradewind/core/money';
import { expect, onTestFinished, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../tools/shared-data.ts';
import {
  chooseInstrument,
  describeInstrumentProblem,
  knownInstrument,
  readExchangeInfoFile,
} from './index.ts';

/** One bar at 1.25 with a volume of 0.001. */
function barsOf(symbol: string): Bars {
  const builder = new BarsBuilder(symbol, Interval.parse('1m')!);
  builder.append(0, 125, 125, 125, 125, 2, 1, 3);
  return builder.build();
}

function fileWith(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-instruments-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'info.json');
  writeFileSync(file, content);
  return file;
}

test('a well-known symbol has its rules built in', () => {
  const chosen = chooseInstrument(barsOf('BTCUSDT'), undefined, []);
  expect(chosen).toMatchObject({
    ok: true,
    value: { source: 'built_in', warnings: [], instrument: { baseAsset: 'BTC', quoteAsset: 'USDT' } },
  });
});

test('the rules of any other symbol are inferred from its bars, and that is said', () => {
  const chosen = chooseInstrument(barsOf('ABCUSDT'), undefined, []);
  if (!chosen.ok) throw new Error(chosen.error.what);
  const { instrument, source, warnings } = chosen.value;
  expect(source).toBe('inferred');
  expect(warnings).toEqual([expect.stringContaining('ABCUSDT are inferred')]);
  expect(formatPrice(tickOf(instrument))).toBe('0.01');
  expect(formatAmount(stepOf(instrument))).toBe('0.001');
  expect(instrument.filters.notional).toBeUndefined();
});

test.each([
  { symbol: 'BTCFDUSD', base: 'BTC', quote: 'FDUSD' },
  { symbol: 'BTCUSD', base: 'BTC', quote: 'USD' },
  { symbol: 'BNBUSD', base: 'BNB', quote: 'USD' },
  { symbol: 'ABCBUSD', base: 'ABC', quote: 'BUSD' },
  { symbol: 'SUSHIBTC', base: 'SUSHI', quote: 'BTC' },
  { symbol: 'XRPETH', base: 'XRP', quote: 'ETH' },
  { symbol: 'BUSDUSDT', base: 'BUSD', quote: 'USDT' },
  { symbol: '1INCHTRY', base: '1INCH', quote: 'TRY' },
  { symbol: 'ABCXYZ', base: 'ABC', quote: 'XYZ', hints: ['XYZ'] },
])('$symbol is $base in $quote', ({ symbol, base, quote, hints = [] }) => {
  expect(chooseInstrument(barsOf(symbol), undefined, hints)).toMatchObject({
    ok: true,
    value: { instrument: { baseAsset: base, quoteAsset: quote } },
  });
});

test('a symbol that ends with no known quote asset needs its rules stated', () => {
  const chosen = chooseInstrument(barsOf('ABCXYZ'), undefined, []);
  if (chosen.ok) throw new Error('chosen');
  expect(describeInstrumentProblem(chosen.error)).toMatch(/ABCXYZ.*--exchange-info FILE/);
});

const entry = (change: object) => ({
  symbol: 'ABCUSDT',
  status: 'TRADING',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  orderTypes: ['LIMIT', 'MARKET'],
  icebergAllowed: true,
  isSpotTradingAllowed: true,
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000', tickSize: '0.01' },
    { filterType: 'LOT_SIZE', minQty: '0.1', maxQty: '1000', stepSize: '0.1' },
  ],
  ...change,
});

async function chosenFrom(
  symbols: readonly object[],
  symbol = 'ABCUSDT',
  pack: (text: string) => string | Buffer = String,
) {
  const file = fileWith(pack(JSON.stringify({ symbols })));
  const info = await readExchangeInfoFile(file);
  if (!info.ok) throw new Error(info.error.what);
  return chooseInstrument(barsOf(symbol), { file: 'info.json', info: info.value }, []);
}

test.each([
  { what: 'plain', pack: String },
  { what: 'gzipped', pack: (text: string) => gzipSync(text) },
])('a $what exchange info states the rules', async ({ pack }) => {
  const chosen = await chosenFrom([entry({})], 'ABCUSDT', pack);
  if (!chosen.ok) throw new Error(chosen.error.what);
  expect(chosen.value).toMatchObject({ source: 'exchange_info', warnings: [] });
  expect(formatAmount(stepOf(chosen.value.instrument))).toBe('0.1');
});

test('a symbol that has stopped trading is taken as trading for its history, and that is said', async () => {
  expect(await chosenFrom([entry({ status: 'BREAK' })])).toMatchObject({
    ok: true,
    value: { instrument: { status: 'TRADING' }, warnings: [expect.stringContaining('status BREAK')] },
  });
});

test('unknown filters are named', async () => {
  const filters = [...entry({}).filters, { filterType: 'NEW_RULE' }];
  expect(await chosenFrom([entry({ filters })])).toMatchObject({
    ok: true,
    value: { warnings: [expect.stringContaining('NEW_RULE')] },
  });
});

test.each([
  {
    when: 'the symbol is not in it',
    symbols: [entry({ symbol: 'OTHERUSDT' })],
    sentence: 'it has no symbol ABCUSDT',
  },
  {
    when: 'a mandatory filter is missing',
    symbols: [entry({ filters: [] })],
    sentence: 'ABCUSDT cannot be traded',
  },
])('when $when, the exchange info is refused', async ({ symbols, sentence }) => {
  const chosen = await chosenFrom(symbols);
  if (chosen.ok) throw new Error('chosen');
  expect(describeInstrumentProblem(chosen.error)).toContain(`info.json: ${sentence}`);
});

test.each([
  { when: 'not there', file: () => '/no/such/file', sentence: 'there is no such file' },
  { when: 'not JSON', file: () => fileWith('<html>'), sentence: 'it is not JSON' },
  { when: 'other JSON', file: () => fileWith('{"symbols": []}'), sentence: 'it names no symbol' },
  {
    when: 'a broken gzip',
    file: () => fileWith(gzipSync('{}').subarray(0, 12)),
    sentence: 'it cannot be read',
  },
])('an exchange info that is $when is told', async ({ file, sentence }) => {
  const info = await readExchangeInfoFile(file());
  if (info.ok) throw new Error('read');
  expect(describeInstrumentProblem(info.error)).toContain(sentence);
});

testWithSharedData('the built-in table says what the exchange said', async () => {
  const read = await readExchangeInfoFile(sharedData('rest/exchangeInfo-testnet-2024-09-08.json.gz'));
  if (!read.ok) throw new Error(read.error.what);
  const checked: string[] = [];
  for (const [symbol, stated] of read.value.instruments) {
    const known = knownInstrument(symbol);
    if (known === undefined) continue;
    checked.push(symbol);
    expect(known).toMatchObject({ baseAsset: stated.baseAsset, quoteAsset: stated.quoteAsset });
    expect(known.filters.price.tick).toBe(stated.filters.price.tick);
    expect(known.filters.lot).toEqual(stated.filters.lot);
    expect(known.filters.notional).toEqual(stated.filters.notional);
  }
  expect(checked.length).toBeGreaterThan(20);
});
