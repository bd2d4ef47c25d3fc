/** One parameter of a request: amounts as fixed-point texts, ids and times as numbers. */
export type Parameter = readonly [name: string, value: string | number | boolean];
/** In the order in which they are sent. A REST array value is its JSON text. */
export type Parameters = readonly Parameter[];
