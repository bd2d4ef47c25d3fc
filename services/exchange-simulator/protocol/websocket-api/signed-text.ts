import type { ParameterList } from '../parameters/parameter-list.ts';

/**
 * The text that a WebSocket API request has signed: all parameters but the signature, sorted by name, as they were sent and
 * not percent-encoded. Source: binance-spot.md section 2.3.
 */
export function signedWebSocketText(parameters: ParameterList): string {
  const sorted: number[] = [];
  // Few, and often sorted already: insertion is faster than sorting, and compares by code unit as the exchange does.
  for (let index = 0; index < parameters.count; index += 1) {
    const name = parameters.nameAt(index);
    if (name === 'signature') continue;
    let place = sorted.length;
    for (; place > 0 && parameters.nameAt(sorted[place - 1]!) > name; place -= 1) {
      sorted[place] = sorted[place - 1]!;
    }
    sorted[place] = index;
  }
  let text = '';
  for (const index of sorted) {
    if (text !== '') text += '&';
    text += `${parameters.nameAt(index)}=${parameters.valueAt(index)}`;
  }
  return text;
}
