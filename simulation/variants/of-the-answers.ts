import type { HttpRequest, HttpTransport, SocketTransport } from '@tradewind/binance';
import type { Variant } from './variant.ts';

type ChangeText = (text: string) => string;

const withAnswers = (
  http: HttpTransport,
  isMeant: (request: HttpRequest) => boolean,
  change: ChangeText,
): HttpTransport => ({
  send: async (request) => {
    const result = await http.send(request);
    if (!result.ok || result.value.status !== 200 || !isMeant(request)) return result;
    return { ok: true, value: { ...result.value, body: change(result.value.body) } };
  },
});

/** @param change  makes what a socket of that address tells into something else; one for each socket */
const withMessages = (sockets: SocketTransport, change: (url: string) => ChangeText): SocketTransport => ({
  connect: (url, listener) => {
    const changed = change(url);
    return sockets.connect(url, {
      opened: () => listener.opened(),
      message: (bytes) => {
        const text = new TextDecoder().decode(bytes);
        const other = changed(text);
        listener.message(other === text ? bytes : new TextEncoder().encode(other));
      },
      pinged: () => listener.pinged(),
      closed: (...why) => listener.closed(...why),
    });
  },
});

/** The fills of an answer are taken for others than those of the events. */
export const bookedFromAnswerAndEvent: Variant = {
  name: 'a fill booked from both answer and event',
  rows: ['I3', 'U7'],
  replace: ({ http }) => ({
    http: withAnswers(
      http,
      ({ method }) => method === 'POST',
      (body) => body.replaceAll(/"tradeId":(\d+)/g, '"tradeId":9$1'),
    ),
  }),
};

const FREE_OF_FEES: readonly (readonly [RegExp, string])[] = [
  [/"commission":"[^"]*","commissionAsset":"(BTC|ETH)"/g, '"commission":"0.00000000","commissionAsset":"$1"'],
  [/"n":"[^"]*","N":"(BTC|ETH)"/g, '"n":"0.00000000","N":"$1"'],
];

export const feeInBaseIgnored: Variant = {
  name: 'fee in the base asset ignored',
  rows: ['I3', 'I5', 'B1'],
  replace: ({ http, sockets }) => {
    const change: ChangeText = (text) =>
      FREE_OF_FEES.reduce((sofar, [pattern, instead]) => sofar.replaceAll(pattern, instead), text);
    return { http: withAnswers(http, () => true, change), sockets: withMessages(sockets, () => change) };
  },
};

/** The rules by which too small an order is told from others are not read: any rest can be sold. */
export const dustSoldForEver: Variant = {
  name: 'dust sold for ever',
  rows: ['B3', 'O6'],
  replace: ({ http }) => ({
    http: withAnswers(
      http,
      ({ url }) => url.includes('/exchangeInfo'),
      (body) =>
        body
          .replaceAll(/"(stepSize|minQty)":"[^"]*"/g, '"$1":"0.00000001"')
          .replaceAll(/"minNotional":"[^"]*"/g, '"minNotional":"0.00000000"'),
    ),
  }),
};

export const partialEventReplacesTheWallet: Variant = {
  name: 'a partial balance event replaces the wallet',
  rows: ['I5', 'U9'],
  replace: ({ http, sockets }) => {
    let wallet: readonly { readonly a: string; readonly f: string; readonly l: string }[] | undefined;
    return {
      sockets: withMessages(sockets, () => (text) => {
        if (text.includes('"outboundAccountPosition"')) wallet = JSON.parse(text).event.B;
        return text;
      }),
      http: withAnswers(
        http,
        ({ url }) => url.includes('/account?'),
        (body) =>
          wallet === undefined
            ? body
            : JSON.stringify({
                ...JSON.parse(body),
                balances: wallet.map(({ a, f, l }) => ({ asset: a, free: f, locked: l })),
              }),
      ),
    };
  },
};

/** Every change of a book follows the one before it, whatever is missing in between. */
export const bookUsedAcrossAGap: Variant = {
  name: 'book used across a gap',
  rows: ['I7', 'M1'],
  replace: ({ sockets }) => ({
    sockets: withMessages(sockets, () => {
      const lastIds = new Map<string, number>();
      return (text) => {
        const found = /"e":"depthUpdate".*?"s":"(\w+)","U":(\d+),"u":(\d+)/.exec(text);
        if (found === null) return text;
        const [, symbol = '', first, last] = found;
        const next = (lastIds.get(symbol) ?? Number(first) - 1) + 1;
        lastIds.set(symbol, Number(last));
        return next < Number(first) ? text.replace(`"U":${first}`, `"U":${next}`) : text;
      };
    }),
  }),
};
