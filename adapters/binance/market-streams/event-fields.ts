import type { Level } from '@tradewind/core/market';
import {
  isNegative,
  isZero,
  type ParseRefusal,
  type Price,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  type Quantity,
  type QuoteAmount,
} from '@tradewind/core/money';
import type { Result } from '@tradewind/core/result';

/** Thrown by `EventFields` and caught by who made it: reading stops at the first field that is wrong, however deep. */
export class BadField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`bad field: ${field}`);
    this.field = field;
  }
}

/** The fields of one event, each checked as it is asked for. */
export class EventFields {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(data: unknown, name: string) {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new BadField(name);
    this.fields = data as Readonly<Record<string, unknown>>;
  }

  inner(field: string): EventFields {
    return new EventFields(this.fields[field], field);
  }

  text(field: string): string {
    const value = this.fields[field];
    if (typeof value !== 'string') throw new BadField(field);
    return value;
  }

  /** A whole number from 0 on. */
  integer(field: string): number {
    const value = this.fields[field];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw new BadField(field);
    return value as number;
  }

  /** undefined for -1, with which the venue says that there is none. */
  idOrNone(field: string): number | undefined {
    return this.fields[field] === -1 ? undefined : this.integer(field);
  }

  flag(field: string): boolean {
    const value = this.fields[field];
    if (typeof value !== 'boolean') throw new BadField(field);
    return value;
  }

  /** From zero on: a symbol without trades has prices of zero. */
  price(field: string): Price {
    const price = this.signedPrice(field);
    if (isNegative(price)) throw new BadField(field);
    return price;
  }

  /** A difference of prices. */
  signedPrice(field: string): Price {
    return exact(field, this.fields[field], parsePrice);
  }

  priceOrNone(field: string): Price | undefined {
    return this.fields[field] === null ? undefined : this.price(field);
  }

  quantity(field: string): Quantity {
    const quantity = exact(field, this.fields[field], parseQuantity);
    if (isNegative(quantity)) throw new BadField(field);
    return quantity;
  }

  quoteAmount(field: string): QuoteAmount {
    const amount = exact(field, this.fields[field], parseQuoteAmount);
    if (isNegative(amount)) throw new BadField(field);
    return amount;
  }

  /** One side of a best bid and ask; undefined when both numbers are zero: nobody stands there. */
  level(priceField: string, quantityField: string): Level | undefined {
    const price = this.price(priceField);
    const quantity = this.quantity(quantityField);
    if (isZero(price) !== isZero(quantity)) throw new BadField(quantityField);
    return isZero(price) ? undefined : { price, quantity };
  }

  /** `[["price","quantity"],...]` with prices and quantities above zero. */
  levels(field: string): Level[] {
    const rows = this.fields[field];
    if (!Array.isArray(rows)) throw new BadField(field);
    return (rows as readonly unknown[]).map((row) => {
      if (!Array.isArray(row) || row.length !== 2) throw new BadField(field);
      const price = exact(field, row[0], parsePrice);
      const quantity = exact(field, row[1], parseQuantity);
      if (isNegative(price) || isZero(price) || isNegative(quantity) || isZero(quantity))
        throw new BadField(field);
      return { price, quantity };
    });
  }
}

function exact<E>(field: string, value: unknown, parse: (text: string) => Result<E, ParseRefusal>): E {
  const parsed = typeof value === 'string' ? parse(value) : undefined;
  if (parsed === undefined || !parsed.ok) throw new BadField(field);
  return parsed.value;
}
