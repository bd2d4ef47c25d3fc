import { isDeepStrictEqual } from 'node:util';
import { singleInputs } from '../../../tools/fuzz/single-inputs.ts';
import { type Tree, treeOf } from '../../../tools/fuzz/tree.ts';
import { MessageScanner } from './message-scanner.ts';
import { market, readByScanner, readPlainly } from './plain-reading.test-support.ts';
import examples from './stream-examples.json' with { type: 'json' };

const MARKETS = [
  market('BTCUSDT', 2, 8),
  market('BNBBTC', 7, 3),
  market('BNBUSDT', 8, 8),
  market('这是测试币456', 4, 4),
];
const HOT = [examples.depthUpdate, examples.trade, examples.aggTrade, examples.bookTicker];
const ALL = Object.values(examples).map(treeOf);
const SAMPLES: readonly Tree[] = [
  ...[...HOT, ...HOT, ...HOT].map(treeOf),
  ...HOT.map((data) => treeOf({ stream: 'bnbbtc@trade', data })),
  ...ALL,
];
/** It keeps nothing from one message to the next, which the comparison would show. */
const scanner = new MessageScanner(MARKETS);

/** What a market stream says. Wrong is whatever JSON.parse and exact decimals do not read as the scanner does. */
export const messagesPart = singleInputs(
  'messages',
  (mutator) => mutator.json(mutator.oneOf(SAMPLES), ALL, mutator.chance(0.1) ? ' ' : ''),
  (text) => {
    const bytes = bytesOf(text);
    const ours = readByScanner(scanner, bytes);
    const plain = readPlainly(MARKETS, bytes);
    const outcome = typeof ours === 'string' ? ours : 'read';
    return isDeepStrictEqual(ours, plain)
      ? { outcome }
      : { outcome, wrong: `read as ${JSON.stringify(ours)}: JSON.parse reads ${JSON.stringify(plain)}` };
  },
);

/** A text of no characters beyond a byte stands for those bytes, which seldom are UTF-8. */
const bytesOf = (text: string): Uint8Array =>
  /[\u0080-\u00ff]/.test(text) && !/[\u0100-\uffff]/.test(text)
    ? Uint8Array.from(Buffer.from(text, 'latin1'))
    : new TextEncoder().encode(text);
