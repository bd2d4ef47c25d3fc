import type { Front, WireRequest } from '@tradewind/exchange-simulator';

type Answerer = Parameters<Front['request']>[1];

/** binance-spot.md section 7.2: an unknown symbol. */
const REFUSED = { status: 400, headers: {}, body: '{"code":-1121,"msg":"Invalid symbol."}' };

/** The exchange as it answers while it does not list some of its symbols: who names one is refused, and the rules leave it out. */
export class Listings implements Front {
  readonly unlisted = new Set<string>();
  private readonly exchange: Front;

  constructor(exchange: Front) {
    this.exchange = exchange;
  }

  request(request: WireRequest, answerer: Answerer): void {
    if (this.unlisted.size === 0) this.exchange.request(request, answerer);
    else if (this.namesUnlisted(request)) answerer.answer(REFUSED);
    else if (request.path.endsWith('/exchangeInfo'))
      this.exchange.request(request, {
        answer: (response) => answerer.answer({ ...response, body: this.without(response.body) }),
        cut: (response, bytes) => answerer.cut(response, bytes),
      });
    else this.exchange.request(request, answerer);
  }

  upgrade(request: WireRequest): ReturnType<Front['upgrade']> {
    return this.exchange.upgrade(request);
  }

  private namesUnlisted({ query, body }: WireRequest): boolean {
    const parameters = new URLSearchParams(`${query}&${body}`);
    const named = `${parameters.get('symbol') ?? ''} ${parameters.get('symbols') ?? ''}`;
    return [...this.unlisted].some((symbol) => named.includes(symbol));
  }

  private without(body: string): string {
    if (!body.includes('"symbols"')) return body;
    const rules = JSON.parse(body) as { readonly symbols: readonly { readonly symbol: string }[] };
    return JSON.stringify({
      ...rules,
      symbols: rules.symbols.filter(({ symbol }) => !this.unlisted.has(symbol)),
    });
  }
}
