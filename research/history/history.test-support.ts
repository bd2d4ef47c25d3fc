import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { type Bars, openTimeOf } from '@tradewind/core/market';
import { onTestFinished } from 'vitest';

/** Writes files into a new folder, which goes away with the test, and returns its path. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** A zip archive after APPNOTE.TXT 6.3: local headers and content, the central directory, its end record. */
export function zip(
  files: Readonly<Record<string, string>>,
  method: 'stored' | 'deflated' = 'deflated',
): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = method === 'stored' ? content : deflateRawSync(content);
    // From "version needed" to "extra field length", which both headers share; bit 11 says that names are UTF-8.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(method === 'stored' ? 0 : 8, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed]);
    locals.push(local);
    centrals.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, place, Buffer.from(name));
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

export const HEADER = 'open_time,open,high,low,close,volume';
/** 2021-01-01T00:00Z. */
export const START_MS = 1_609_459_200_000;
export const MINUTE_MS = 60_000;

/** Rows of one-minute bars, one after the other from `START_MS`: each given as 'open,high,low,close,volume'. */
export const minuteRows = (values: readonly string[]): string[] =>
  values.map((value, index) => `${START_MS + index * MINUTE_MS},${value}`);

const VALUES = [
  '29000,29010.5,28990,29001.25,1.5',
  '29001.25,29002,29000,29000.5,0',
  '29000.5,29000.5,29000,29000,12.00000001',
];
/** Three bars, as rows of 6 columns and of 12. */
export const ROWS = minuteRows(VALUES);
export const TEXT = `${ROWS.join('\n')}\n`;
export const LONG_ROWS = ROWS.map(
  (row) => `${row},${Number(row.slice(0, 13)) + 59_999},43512.5,17,0.5,14500.1,0`,
);
export const LONG_HEADER = `${HEADER},close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore`;

/** The bars as rows of 6 columns. */
export function rowsOf(bars: Bars): string[] {
  const price = (ticks: number) => String(ticks / 10 ** bars.priceDecimals);
  return Array.from({ length: bars.length }, (_, i) => {
    const prices = [bars.open, bars.high, bars.low, bars.close].map((column) => price(column[i]!));
    return [openTimeOf(bars, i), ...prices, String(bars.volume[i]! / 10 ** bars.volumeDecimals)].join();
  });
}
