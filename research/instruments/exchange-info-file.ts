import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ExchangeInfo, readExchangeInfo } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { InstrumentProblem } from './problem.ts';

/** Reads a saved body of GET exchangeInfo, plain or gzipped. */
export async function readExchangeInfoFile(file: string): Promise<Result<ExchangeInfo, InstrumentProblem>> {
  const body = await readJson(file);
  if (!body.ok) return body;
  const info = readExchangeInfo(body.value);
  if (info.instruments.size > 0) return ok(info);
  const what = 'it names no symbol, so it is not an answer to GET /api/v3/exchangeInfo';
  return err({ kind: 'not_exchange_info', file, what });
}

async function readJson(file: string): Promise<Result<unknown, InstrumentProblem>> {
  let text: string;
  try {
    const bytes = await readFile(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    text = (isGzip ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`;
    return err({ kind: 'unreadable', file, what });
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err({ kind: 'not_json', file, what: `it is not JSON: ${(error as SyntaxError).message}` });
  }
}
