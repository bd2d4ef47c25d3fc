import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { sharedData, testWithSharedData } from '../../tools/shared-data.ts';
import { Atr, BollingerBands, Donchian, Ema, Macd, Rsi, Sma } from './index.ts';

// The published expectations of Stock.Indicators (Dave Skender) on its 502 daily bars, with its standard parameters.
// A null there is a bar before the warm-up. Its EMA and MACD are seeded like ours, its ATR and RSI warm like ours.

interface Quote {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

type Expected = Readonly<Record<string, number | null>>;

function readQuotes(): readonly Quote[] {
  const lines = readFileSync(sharedData('indicators/quotes/default.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  return lines.map((line) => {
    const [, , high, low, close] = line.split(',').map(Number);
    return { high: high as number, low: low as number, close: close as number };
  });
}

const readExpected = (name: string): readonly Expected[] =>
  JSON.parse(gunzipSync(readFileSync(sharedData(`indicators/results/${name}.standard.json.gz`))).toString());

/** Feeds every bar to `update`, which returns our values under the names of the reference. */
function expectReference(name: string, update: (quote: Quote) => Readonly<Record<string, number>>): void {
  const expected = readExpected(name);
  const quotes = readQuotes();
  expect(quotes.length).toBe(502);
  expect(expected.length).toBe(quotes.length);
  for (const [bar, quote] of quotes.entries()) {
    for (const [field, value] of Object.entries(update(quote))) {
      const reference = expected[bar]?.[field];
      if (reference === undefined) throw new Error(`the reference ${name} has no field ${field}`);
      const error =
        reference === null ? Number(!Number.isNaN(value)) : Math.abs(value - reference) / Math.abs(reference);
      expect(error, `${name} ${field} at bar ${bar}: ${value} against ${reference}`).toBeLessThanOrEqual(
        1e-9,
      );
    }
  }
}

testWithSharedData('SMA 20 equals the reference', () => {
  const sma = new Sma(20);
  expectReference('sma', ({ close }) => ({ sma: sma.update(close) }));
});

testWithSharedData('EMA 20 equals the reference', () => {
  const ema = new Ema(20);
  expectReference('ema', ({ close }) => ({ ema: ema.update(close) }));
});

testWithSharedData('RSI 14 equals the reference', () => {
  const rsi = new Rsi(14);
  expectReference('rsi', ({ close }) => ({ rsi: rsi.update(close) }));
});

testWithSharedData('ATR 14 equals the reference', () => {
  const atr = new Atr(14);
  expectReference('atr', ({ high, low, close }) => ({ atr: atr.update(high, low, close) }));
});

testWithSharedData('MACD 12, 26, 9 equals the reference', () => {
  const macd = new Macd({ fast: 12, slow: 26, signal: 9 });
  expectReference('macd', ({ close }) => {
    macd.update(close);
    return { macd: macd.macd, signal: macd.signal, histogram: macd.histogram };
  });
});

testWithSharedData('Bollinger bands 20, 2 equal the reference', () => {
  const bands = new BollingerBands(20, 2);
  expectReference('bb', ({ close }) => {
    bands.update(close);
    return { sma: bands.middle, upperBand: bands.upper, lowerBand: bands.lower };
  });
});

testWithSharedData(
  'Donchian 20, read before its update, equals the reference, which leaves the present bar out',
  () => {
    const channel = new Donchian(20);
    expectReference('donchian', ({ high, low }) => {
      const before = { upperBand: channel.upper, centerline: channel.middle, lowerBand: channel.lower };
      channel.update(high, low);
      return before;
    });
  },
);

testWithSharedData('Donchian 20 keeps the channel of the reference as the previous one', () => {
  const channel = new Donchian(20);
  expectReference('donchian', ({ high, low }) => {
    channel.update(high, low);
    return { upperBand: channel.previousUpper, lowerBand: channel.previousLower };
  });
});
