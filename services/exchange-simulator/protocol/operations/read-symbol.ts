import type { SymbolView } from '../../exchange/index.ts';
import {
  BAD_COMBINATION,
  DUPLICATE_SYMBOLS,
  INVALID_SYMBOL,
  INVALID_SYMBOL_STATUS,
  illegalCharacters,
  refusal,
  SYMBOL_DOES_NOT_MATCH_STATUS,
} from '../refusal.ts';
import type { Call } from './operation.ts';

/** As the exchange writes it (binance-spot.md section 14, trap 42); `SYMBOL` says the same in JavaScript. */
const LEGAL_SYMBOL = '^[\\w\\-._&&[^a-z]]{1,50}$';
const SYMBOL = /^[\p{Lu}\p{Lo}\p{Nd}_.-]{1,50}$/u;
const LEGAL_SYMBOLS = '^\\[("[\\w\\-._&&[^a-z]]{1,50}"(,"[\\w\\-._&&[^a-z]]{1,50}"){0,}){0,1}\\]$';
const STATUSES = ['TRADING', 'HALT', 'BREAK'] as const;
/** No query may name more symbols one by one. */
const SYMBOLS_MAX = 5000;

/** The symbol that has to be named; see `Parameters.refusal` where it is undefined. */
export function readSymbol(call: Call, name = 'symbol'): SymbolView | undefined {
  const text = call.parameters.mandatoryText(name);
  return text === '' ? undefined : findSymbol(call, name, text);
}

export function findSymbol(call: Call, name: string, text: string): SymbolView | undefined {
  const found = call.exchange.symbol(text);
  if (found !== undefined) return found;
  return call.parameters.refuse(SYMBOL.test(text) ? INVALID_SYMBOL : illegalCharacters(name, LEGAL_SYMBOL));
}

/** One symbol, several, or all that have a status: what most market queries are about. */
export interface SymbolSelection {
  readonly symbols: readonly SymbolView[];
  /** Asked for by `symbol`: the answer is one object instead of a list. */
  readonly isSingle: boolean;
  readonly isAll: boolean;
}

/** Reads `symbol`, `symbols` and `symbolStatus`. @param isMandatory  all symbols cannot be had */
export function readSelection(call: Call, isMandatory: boolean, maximum = SYMBOLS_MAX): SymbolSelection {
  const { parameters, exchange } = call;
  const one = parameters.text('symbol');
  const many = parameters.text('symbols');
  const status = parameters.choice('symbolStatus', STATUSES, INVALID_SYMBOL_STATUS);
  if (one !== undefined && many !== undefined) parameters.refuse(BAD_COMBINATION);
  if (isMandatory && one === undefined && many === undefined) {
    parameters.refuse(refusal(-1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!"));
  }
  if (one !== undefined) {
    const symbol = findSymbol(call, 'symbol', one);
    if (symbol !== undefined && status !== undefined && statusOf(symbol) !== status) {
      parameters.refuse(SYMBOL_DOES_NOT_MATCH_STATUS);
    }
    return { symbols: symbol === undefined ? [] : [symbol], isSingle: true, isAll: false };
  }
  const symbols = many === undefined ? exchange.symbols : readSymbols(call, many, maximum);
  return {
    symbols: status === undefined ? symbols : symbols.filter((it) => statusOf(it) === status),
    isSingle: false,
    isAll: many === undefined,
  };
}

/** A JSON array of names, without repetition. */
export function readSymbols(call: Call, text: string, maximum = SYMBOLS_MAX): readonly SymbolView[] {
  const { parameters } = call;
  const names = readTexts(text);
  if (names === undefined || names.length === 0 || !names.every((it) => SYMBOL.test(it))) {
    parameters.refuse(illegalCharacters('symbols', LEGAL_SYMBOLS));
    return [];
  }
  if (names.length > maximum) {
    parameters.refuse(
      refusal(-1101, `Too many values sent for parameter 'symbols', maximum allowed up to ${maximum}.`),
    );
    return [];
  }
  if (new Set(names).size < names.length) parameters.refuse(DUPLICATE_SYMBOLS);
  const found: SymbolView[] = [];
  for (const name of names) {
    const symbol = findSymbol(call, 'symbols', name);
    if (symbol === undefined) return [];
    found.push(symbol);
  }
  return found;
}

/** A JSON array of texts; undefined for anything else. */
export function readTexts(text: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(value) && value.every((it) => typeof it === 'string') ? value : undefined;
}

export const statusOf = (symbol: SymbolView): unknown => symbol.entry.status;
