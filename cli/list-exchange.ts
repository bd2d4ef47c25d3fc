import { readExchangeInfo } from '@tradewind/core/market';
import { ok, type Result } from '@tradewind/core/result';
import { builtInExchangeInfo, DEFAULT_SYMBOLS } from '@tradewind/exchange-simulator';
import { badInput, type Complaint, nearest } from './complaint.ts';
import { readJsonFile } from './json-files.ts';
import type { SimulatorRequest } from './simulator-options.ts';

/** What an exchange lists. */
export interface ListedExchange {
  /** The body of GET exchangeInfo with the listed symbols only. */
  readonly info: object;
  readonly symbols: readonly string[];
}

/** So many symbols of a file are listed when none is asked for by name; the whole exchange has thousands. */
const SYMBOLS_MAX_UNASKED = 20;

/** @param suggested  symbols that a replay has prices of; they are listed when `--symbols` names none */
export async function listExchange(
  request: SimulatorRequest,
  suggested: readonly string[],
): Promise<Result<ListedExchange, Complaint>> {
  const asked = request.symbols ?? (suggested.length > 0 ? suggested : undefined);
  if (request.exchangeInfo !== undefined) return listOfFile(request.exchangeInfo, asked);
  const symbols = asked ?? DEFAULT_SYMBOLS;
  const info = builtInExchangeInfo(symbols);
  if (info.ok) return ok({ info: info.value, symbols });
  return badInput(
    `--symbols ${info.error}: its rules are not built in${nearest(info.error, DEFAULT_SYMBOLS)}; ` +
      'give them with --exchange-info, a saved GET /api/v3/exchangeInfo',
  );
}

async function listOfFile(
  file: string,
  asked: readonly string[] | undefined,
): Promise<Result<ListedExchange, Complaint>> {
  const read = await readJsonFile('--exchange-info', file, 'must be there');
  if (!read.ok) return read;
  const known = readExchangeInfo(read.value).instruments;
  const all = [...known.keys()];
  if (all.length === 0) {
    return badInput(
      `--exchange-info ${file}: it names no symbol, so it is not an answer to GET /api/v3/exchangeInfo`,
    );
  }
  const usual = DEFAULT_SYMBOLS.filter((symbol) => known.has(symbol));
  const symbols = asked ?? (usual.length > 0 ? usual : all.slice(0, SYMBOLS_MAX_UNASKED));
  const missing = symbols.find((symbol) => !known.has(symbol));
  if (missing !== undefined) {
    return badInput(`--symbols ${missing}: ${file} has no such symbol${nearest(missing, all)}`);
  }
  const body = read.value as { readonly symbols: readonly { readonly symbol: string }[] };
  const listed = symbols.map((symbol) => body.symbols.find((entry) => entry.symbol === symbol));
  return ok({ info: { ...body, symbols: listed }, symbols });
}

/** Each once, in the order in which the symbols name them. */
export function assetsOf(info: object): string[] {
  const instruments = [...readExchangeInfo(info).instruments.values()];
  return [...new Set(instruments.flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset]))];
}
