import { createHash, type Hash } from 'node:crypto';
import { endianness } from 'node:os';
import type { Bars, TickColumn } from '@tradewind/core/market';

/**
 * What the bars say as a SHA-256 in hex: equal for equal symbol, interval, times and values, whatever file, archive,
 * column type or number of trailing zeros they came with.
 *
 * What is hashed, in this order: one line of JSON (format, symbol, interval, length, decimals of price and volume, start
 * and opening time of each run), a newline, then open, high, low, close and volume. A column is its values counted in the
 * fewest decimals that hold them all (the four prices share theirs): 4 bytes each where all values of the column fit a
 * signed 32-bit integer, otherwise 8 bytes as a double; little-endian.
 */
export function fingerprintOf(bars: Bars): string {
  const prices = [bars.open, bars.high, bars.low, bars.close];
  const priceZeros = commonZeros(prices, bars.length, bars.priceDecimals);
  const volumeZeros = commonZeros([bars.volume], bars.length, bars.volumeDecimals);
  const head = {
    format: 'tradewind bars 1',
    symbol: bars.symbol,
    interval: bars.interval.name,
    length: bars.length,
    priceDecimals: bars.priceDecimals - priceZeros,
    volumeDecimals: bars.volumeDecimals - volumeZeros,
    runs: bars.runs.map((run) => [run.start, run.openTimeMs]),
  };
  const hash = createHash('sha256').update(`${JSON.stringify(head)}\n`);
  for (const column of prices) hashColumn(hash, column, bars.length, 10 ** priceZeros);
  hashColumn(hash, bars.volume, bars.length, 10 ** volumeZeros);
  return hash.digest('hex');
}

/** How many trailing decimal zeros all values share, at most `decimals`; the first value without one ends the search. */
function commonZeros(columns: readonly TickColumn[], length: number, decimals: number): number {
  let zeros = decimals;
  for (const column of columns) {
    for (let i = 0; i < length && zeros > 0; i += 1) {
      while (zeros > 0 && column[i]! % 10 ** zeros !== 0) zeros -= 1;
    }
  }
  return zeros;
}

const BLOCK = 1 << 16;
const INT32_MAX = 2 ** 31 - 1;

function hashColumn(hash: Hash, column: TickColumn, length: number, divisor: number): void {
  const isNarrow = fitsInt32(column, length, divisor);
  if (divisor === 1 && isNarrow === column instanceof Int32Array && endianness() === 'LE') {
    hash.update(bytesOf(column.subarray(0, length)));
    return;
  }
  const block = isNarrow ? new Int32Array(BLOCK) : new Float64Array(BLOCK);
  for (let start = 0; start < length; start += BLOCK) {
    const count = Math.min(BLOCK, length - start);
    for (let i = 0; i < count; i += 1) block[i] = column[start + i]! / divisor;
    hash.update(littleEndian(bytesOf(block.subarray(0, count)), block.BYTES_PER_ELEMENT));
  }
}

function fitsInt32(column: TickColumn, length: number, divisor: number): boolean {
  if (column instanceof Int32Array) return true;
  const limit = INT32_MAX * divisor;
  for (let i = 0; i < length; i += 1) if (column[i]! > limit) return false;
  return true;
}

const bytesOf = (values: TickColumn): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function littleEndian(bytes: Buffer, valueBytes: number): Buffer {
  if (endianness() === 'LE') return bytes;
  return valueBytes === 4 ? bytes.swap32() : bytes.swap64();
}
