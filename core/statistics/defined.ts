/** A figure without a value is undefined: 0 would be taken for a result, Infinity and NaN are no JSON. */
export const defined = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
