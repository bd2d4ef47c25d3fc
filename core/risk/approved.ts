declare const approved: unique symbol;

/**
 * Proof that an intent passed every check and that what it needs is reserved. Only `RiskDesk.review` and `reviewList`
 * make one; whatever sends orders takes nothing else, so an order past the desk does not compile.
 */
export type Approved<T> = T & { readonly [approved]: true };
