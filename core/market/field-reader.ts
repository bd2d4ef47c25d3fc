import { type Exact, isNegative, isZero, type ParseRefusal } from '../money/index.ts';
import type { Result } from '../result.ts';

/** What in a venue's description of its symbols we could not take as it stands. */
export interface FieldProblem {
  /** The symbol it is about, `symbols[12]` where even that is missing, or `exchange`. */
  readonly symbol: string;
  /** The field inside the symbol's entry, for example `LOT_SIZE.stepSize`. */
  readonly field: string;
  /** `unknown` is a value of a closed list (an order type, a filter, a status) that we do not know. */
  readonly reason: 'missing' | 'not_understood' | 'unknown' | 'duplicate';
  /** What stood there, shortened; empty when nothing did. */
  readonly found: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads named fields out of one JSON object. What it cannot read it adds to `problems` and answers with undefined. */
export class FieldReader {
  private readonly symbol: string;
  private readonly problems: FieldProblem[];
  private readonly fields: Fields;
  private readonly prefix: string;

  /** @param prefix  stands before the names of fields in problems, for example `LOT_SIZE.` */
  constructor(symbol: string, problems: FieldProblem[], fields: Fields = {}, prefix = '') {
    this.symbol = symbol;
    this.problems = problems;
    this.fields = fields;
    this.prefix = prefix;
  }

  text(name: string): string | undefined {
    const value = this.present(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    this.note(name, 'not_understood', value);
    return undefined;
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.present(name);
    if (value === undefined || Array.isArray(value)) return value;
    this.note(name, 'not_understood', value);
    return undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.present(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.note(name, 'not_understood', value);
    return undefined;
  }

  /** A permission: bodies from before it existed do not have it, and then it is not given. */
  permission(name: string): boolean {
    return this.has(name) && this.flag(name) === true;
  }

  /** A whole number that is not below zero. */
  count(name: string): number | undefined {
    const value = this.present(name);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
      return value;
    this.note(name, 'not_understood', value);
    return undefined;
  }

  /** A count that binds; zero means that this bound is off. */
  countBound(name: string): number | undefined {
    return this.count(name) || undefined;
  }

  /** A decimal string that is not below zero. */
  decimal<E extends Exact<string, number>>(
    name: string,
    parse: (text: string) => Result<E, ParseRefusal>,
  ): E | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed.ok && !isNegative(parsed.value)) return parsed.value;
    this.note(name, 'not_understood', text);
    return undefined;
  }

  /** A decimal string that binds; zero means that this bound is off. */
  bound<E extends Exact<string, number>>(
    name: string,
    parse: (text: string) => Result<E, ParseRefusal>,
  ): E | undefined {
    const value = this.decimal(name, parse);
    return value === undefined || isZero(value) ? undefined : value;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  note(name: string, reason: FieldProblem['reason'], found: unknown): void {
    this.problems.push({ symbol: this.symbol, field: this.prefix + name, reason, found: shortened(found) });
  }

  private present(name: string): unknown {
    if (this.has(name)) return this.fields[name] ?? null;
    this.note(name, 'missing', undefined);
    return undefined;
  }
}

const SHOWN_CHARACTERS = 60;

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, SHOWN_CHARACTERS);
}

/** The same object without the properties that have no value: a bound that is off is absent. */
export function withoutUndefined<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
