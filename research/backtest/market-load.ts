import type { BarMarket, BarOrder } from '@tradewind/core/matching/bars';
import { add, type Quantity } from '@tradewind/core/money';
import { icebergQuantityOf, triggerOf } from '@tradewind/core/orders';
import type { SymbolLoad } from '@tradewind/core/risk';

/** What a sub-account has open and holds on a symbol, counted when a filter asks for it. */
export class MarketLoad implements SymbolLoad {
  readonly #exchange: BarMarket;

  constructor(exchange: BarMarket) {
    this.#exchange = exchange;
  }

  get orders(): number {
    return this.#exchange.openOrders.length;
  }

  get algoOrders(): number {
    return this.#count(({ intent }) => triggerOf(intent.terms) !== undefined);
  }

  get icebergOrders(): number {
    return this.#count(({ intent }) => icebergQuantityOf(intent.terms) !== undefined);
  }

  get orderLists(): number {
    if (!this.#exchange.hasOrders) return 0;
    return new Set(this.#exchange.openOrders.flatMap(({ list }) => list ?? [])).size;
  }

  get held(): Quantity {
    let held = this.#exchange.accounts.base.total<Quantity>();
    for (const { intent } of this.#exchange.openOrders) {
      if (intent.side === 'BUY' && intent.terms.quantity !== undefined)
        held = add(held, intent.terms.quantity);
    }
    return held;
  }

  #count(isOfKind: (order: BarOrder) => boolean): number {
    return this.#exchange.hasOrders ? this.#exchange.openOrders.filter(isOfKind).length : 0;
  }
}
