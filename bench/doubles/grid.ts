/** core/market/grid.ts on doubles. Books and bars go on counting in whole numbers, since doubles hold those anyway. */
import type { Lots, Ticks } from '../../core/market/index.ts';
import type { Price, Quantity } from '../../core/money/exact.ts';
import { fromNumber, numberOf } from './exact.ts';

export class Grid {
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  private readonly priceScale: number;
  private readonly quantityScale: number;

  constructor(priceDecimals: number, quantityDecimals: number) {
    this.priceDecimals = priceDecimals;
    this.quantityDecimals = quantityDecimals;
    this.priceScale = 10 ** priceDecimals;
    this.quantityScale = 10 ** quantityDecimals;
  }

  ticksOf(price: Price): Ticks {
    return Math.round(numberOf(price) * this.priceScale) as Ticks;
  }

  lotsOf(quantity: Quantity): Lots {
    return Math.round(numberOf(quantity) * this.quantityScale) as Lots;
  }

  priceOf(ticks: Ticks): Price {
    return fromNumber(ticks / this.priceScale);
  }

  quantityOf(lots: Lots): Quantity {
    return fromNumber(lots / this.quantityScale);
  }
}

export function decimalsOf(value: Price | Quantity): number {
  const fraction = numberOf(value).toFixed(8).replace(/0+$/, '').split('.')[1];
  return fraction?.length ?? 0;
}

export const priceOfTicks = (ticks: number, decimals: number): Price => fromNumber(ticks / 10 ** decimals);
