/**
 * One parameter of a request: amounts as fixed-point texts, ids and times as numbers. A list is sent as JSON: over REST as its
 * text, percent-encoded, over the WebSocket API as it is (binance-spot.md section 2.2).
 */
export type Parameter = readonly [name: string, value: string | number | boolean | readonly string[]];
/** In the order in which REST sends them. */
export type Parameters = readonly Parameter[];
