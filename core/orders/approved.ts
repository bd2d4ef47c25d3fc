declare const approved: unique symbol;

/**
 * Proof that an order passed every check that it had to pass. Only core/risk makes one; whatever sends orders takes
 * nothing else, so an order past the checks does not compile.
 */
export type Approved<T> = T & { readonly [approved]: true };
