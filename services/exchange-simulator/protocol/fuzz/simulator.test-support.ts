import { unitsOf } from '@tradewind/core/money';
import type { FuzzCase, FuzzTarget, Verdict } from '../../../../tools/fuzz/target.ts';
import { lockedByOrders } from '../../exchange/books-model.test-support.ts';
import { operationOfMethod, operationsAt } from '../operations/table.ts';
import { type Answered, type Client, type Holder, LIMIT_BUY, Venue } from '../venue.test-support.ts';
import { request, UNSIGNED } from './requests.test-support.ts';

const REQUESTS = 25;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const ASSETS = ['BTC', 'ETH', 'USDT'];
const RICH = { BTC: '1000', ETH: '1000', USDT: '100000000' };
/** Half of a cancel-replace may have happened. */
const HALVES = new Set([-2021, -2022]);
/** Keys are numbered, and the trader's is the first. */
const TRADER_KEY = 'key1'.padEnd(64, 'x');

/**
 * What is asked of the exchange, over HTTP and over the WebSocket API. Every request is answered, with a success or with a code.
 * Wrong is a refusal or a question that changed anything; an asset of which there is more or less than before, fees counted; a
 * locked balance that is not what the open orders need; and an exchange that does not serve a good request after it.
 */
export const simulatorTarget: FuzzTarget = {
  name: 'simulator',
  make: (mutator) => ({
    part: 'requests',
    texts: Array.from({ length: REQUESTS }, () => request(mutator, TRADER_KEY)),
  }),
  judge,
};

function judge({ texts }: FuzzCase): Verdict {
  const session = new Session();
  let accepted = 0;
  for (const text of texts) {
    const { isAccepted, wrong } = session.ask(text);
    if (wrong !== undefined) return { outcome: 'wrong', wrong };
    accepted += Number(isAccepted);
  }
  return {
    outcome: `${Math.floor((accepted * 4) / Math.max(texts.length, 1)) * 25} % and more accepted`,
    wrong: session.wrongAtEnd(),
  };
}

class Session {
  // The limits are tested elsewhere, and would refuse most of what comes here.
  private readonly venue = new Venue({ exchangeInfo: { rateLimits: [] } });
  private readonly witness: Holder;
  private readonly totals: ReadonlyMap<string, bigint>;
  private client: Client;
  private state: string;

  constructor() {
    const { venue } = this;
    this.witness = venue.hmac(venue.openAccount(RICH));
    const house = venue.house.account;
    venue.byHand(house, 'BTCUSDT', 'SELL', '60010', '0.5');
    venue.byHand(house, 'BTCUSDT', 'BUY', '59990', '0.5');
    this.client = venue.open();
    this.totals = this.totalsNow();
    this.state = this.stateNow();
  }

  ask(text: string): { readonly isAccepted: boolean; readonly wrong?: string | undefined } {
    const isHttp = /^(rest|body) /.test(text);
    const { answer, mayChange } = isHttp ? this.askOverHttp(text) : this.askOverSocket(text);
    const isAccepted = answer.status === 200;
    const code = codeOf(answer);
    if (answer.status >= 500) return { isAccepted, wrong: `the server failed: ${answer.status}` };
    if (!isAccepted && !Number.isSafeInteger(code)) return { isAccepted, wrong: 'a refusal without a code' };
    const service = isHttp ? this.wrongServiceOverHttp() : this.wrongServiceOverSocket();
    if (service !== undefined) return { isAccepted, wrong: service };
    const state = this.stateNow();
    if (state === this.state) return { isAccepted };
    this.state = state;
    if (!mayChange) return { isAccepted, wrong: 'a question changed something' };
    if (!isAccepted && !HALVES.has(code!))
      return { isAccepted, wrong: `a refusal changed something: ${code}` };
    return { isAccepted, wrong: this.wrongBalances() };
  }

  /** A good order can still be placed and canceled. */
  wrongAtEnd(): string | undefined {
    const price = this.venue.exchange.oracle.trades('BTCUSDT').at(-1)!.price;
    const far = {
      ...LIMIT_BUY,
      price: String((unitsOf(price) * 3n) / 4n / 10n ** 8n),
      newClientOrderId: 'witness',
    };
    const placed = this.venue.signed('POST', '/api/v3/order', far, this.witness);
    if (placed.status !== 200) return `a good order is refused: ${JSON.stringify(placed.body)}`;
    const named = { symbol: 'BTCUSDT', origClientOrderId: 'witness' };
    const canceled = this.venue.signed('DELETE', '/api/v3/order', named, this.witness);
    return canceled.status === 200 ? undefined : `a good cancel is refused: ${JSON.stringify(canceled.body)}`;
  }

  private askOverHttp(text: string): Asked {
    const [, place, method = '', path = '', query = ''] =
      /^(rest|body) ([^ ?]*) ([^?]*)\??([\s\S]*)$/.exec(text) ?? [];
    const { trader } = this.venue;
    const [unsigned] = query.split(`&signature=${UNSIGNED}`);
    const sent = query.endsWith(`&signature=${UNSIGNED}`)
      ? `${unsigned}&signature=${encodeURIComponent(trader.signature(unsigned!))}`
      : query;
    const isInBody = place === 'body' && method !== 'GET';
    const response = this.venue.raw(method, path, isInBody ? '' : sent, {
      body: isInBody ? sent : '',
      headers: { 'x-mbx-apikey': trader.apiKey },
    });
    const mayChange = operationsAt(path)?.get(method)?.security === 'TRADE';
    return { answer: { ...response, body: JSON.parse(response.body) as unknown }, mayChange };
  }

  private askOverSocket(text: string): Asked {
    if (this.client.closed !== undefined) this.client = this.venue.open();
    this.client.frames.length = 0;
    const frame = this.signedFrame(text);
    const answer = this.client.send(frame);
    return { answer, mayChange: operationOfMethod(methodOf(frame))?.security === 'TRADE' };
  }

  private signedFrame(text: string): string {
    const params = paramsOf(text);
    if (params?.signature !== UNSIGNED) return text;
    const signed = Object.keys(params)
      .filter((name) => name !== 'signature')
      .toSorted()
      .map((name) => `${name}=${String(params[name])}`)
      .join('&');
    return text.replace(
      `"signature":"${UNSIGNED}"`,
      `"signature":"${this.venue.trader.signature(signed.toWellFormed())}"`,
    );
  }

  private wrongBalances(): string | undefined {
    const totals = this.totalsNow();
    for (const asset of ASSETS) {
      if (totals.get(asset) !== this.totals.get(asset))
        return `there is another amount of ${asset}: ${totals.get(asset)}, and was ${this.totals.get(asset)}`;
    }
    const { exchange } = this.venue;
    for (const { account, balances } of exchange.oracle.accounts) {
      const holdsProceeds = exchange
        .openOrderLists(account)
        .some(({ kind }) => kind === 'OPO' || kind === 'OPOCO');
      const hasGuess = SYMBOLS.some((symbol) => isLockedByGuess(exchange, account, symbol));
      for (const { asset, free, locked } of balances) {
        if (unitsOf(free) < 0n || unitsOf(locked) < 0n) return `a balance of ${asset} is below zero`;
        if (asset === 'USDT' ? hasGuess : holdsProceeds) continue;
        const needed = SYMBOLS.filter((symbol) => symbol.includes(asset))
          .map((symbol) => lockedByOrders(exchange, account, asset, symbol))
          .reduce((sum, each) => sum + each, 0n);
        if (unitsOf(locked) !== needed)
          return `locked ${asset}: ${unitsOf(locked)}, and the open orders need ${needed}`;
      }
    }
    return undefined;
  }

  /** Somebody else is served as before. */
  private wrongServiceOverHttp(): string | undefined {
    const { status } = this.venue.signed(
      'GET',
      '/api/v3/account',
      { omitZeroBalances: 'true' },
      this.witness,
    );
    return status === 200 ? undefined : `a good question is refused: ${status}`;
  }

  /** On the same connection, unless it was closed. */
  private wrongServiceOverSocket(): string | undefined {
    if (this.client.closed !== undefined) return undefined;
    this.client.frames.length = 0;
    const { status } = this.client.call('ping');
    return status === 200 ? undefined : `a ping is refused: ${status}`;
  }

  /** Of each asset, what all accounts have and what they have paid in fees. */
  private totalsNow(): ReadonlyMap<string, bigint> {
    const totals = new Map<string, bigint>();
    const count = (asset: string, by: bigint): void => void totals.set(asset, (totals.get(asset) ?? 0n) + by);
    const { oracle } = this.venue.exchange;
    for (const { balances } of oracle.accounts)
      for (const { asset, free, locked } of balances) count(asset, unitsOf(free) + unitsOf(locked));
    for (const symbol of SYMBOLS)
      for (const { commissionAsset, commission } of oracle.fills(symbol))
        count(commissionAsset, unitsOf(commission));
    return totals;
  }

  /** Everything that a request could change, as one text. */
  private stateNow(): string {
    const { oracle } = this.venue.exchange;
    const balances = oracle.accounts.map((account) =>
      account.balances.map(({ asset, free, locked }) => `${asset} ${free} ${locked}`).join(),
    );
    const orders = SYMBOLS.flatMap((symbol) =>
      oracle.orders(symbol).map((order) => Object.values(order).join()),
    );
    return [
      ...balances,
      ...orders,
      ...SYMBOLS.map((symbol) => oracle.trades(symbol).length),
      oracle.lists().length,
    ].join('\n');
  }
}

/**
 * Whether an account has an order that trails the price without a price of its own, and so locks what the exchange thinks that it will
 * cost. The model does not know that, nor the fee by which less is locked of what a working order has bought for its pending ones.
 */
function isLockedByGuess(exchange: Venue['exchange'], account: number, symbol: string): boolean {
  const open = exchange.openOrders(account, symbol);
  return (
    open.ok && open.value.some((order) => unitsOf(order.price) === 0n && unitsOf(order.stopPrice) === 0n)
  );
}

interface Asked {
  readonly answer: Answered;
  readonly mayChange: boolean;
}

function codeOf({ body }: Answered): number | undefined {
  const { code, error } = body as { readonly code?: number; readonly error?: { readonly code?: number } };
  return code ?? error?.code;
}

interface Frame {
  readonly method?: unknown;
  readonly params?: Readonly<Record<string, unknown>>;
}

function frameOf(text: string): Frame | undefined {
  try {
    const frame = JSON.parse(text) as unknown;
    return typeof frame === 'object' && frame !== null ? frame : undefined;
  } catch {
    return undefined;
  }
}

const methodOf = (text: string): string => {
  const method = frameOf(text)?.method;
  return typeof method === 'string' ? method : '';
};

const paramsOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const params = frameOf(text)?.params;
  return typeof params === 'object' && params !== null ? params : undefined;
};
