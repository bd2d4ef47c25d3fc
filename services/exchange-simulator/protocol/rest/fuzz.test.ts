import { inspect } from 'node:util';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { OPERATIONS, operationOfMethod } from '../operations/table.ts';
import { LIMIT_BUY, queryOf, type Sent, Venue } from '../venue.test-support.ts';
import { SESSION_METHODS } from '../websocket-api/session-methods.ts';

/** A larger number than the standing one is for a machine with time: FUZZ_RUNS=1000000. */
const runs = Number(process.env.FUZZ_RUNS ?? 4000);
const SEED = 20_260_721;

const VALUES: readonly string[] = [
  '',
  '0',
  '1',
  '-1',
  '0.1',
  '1e-7',
  '00001',
  '0.000000001',
  '99999999999999999999',
  '999999999999999999999',
  '50000',
  'BTCUSDT',
  'btcusdt',
  'ETHUSDT',
  'NOSUCH',
  '这是测试币456',
  'BUY',
  'SELL',
  'LIMIT',
  'MARKET',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
  'GTC',
  'IOC',
  'FOK',
  'ACK',
  'RESULT',
  'FULL',
  'true',
  'false',
  'null',
  '["BTCUSDT"]',
  '["BTCUSDT","BTCUSDT"]',
  '[',
  '{}',
  '1m',
  '1M',
  '60m',
  '__proto__',
  'constructor',
  ' ',
  '\u0000',
  '\ud800',
  "'; --",
  'PRIMARY_PEG',
  'MARKET_PEG',
  'PRICE_LEVEL',
  'ONLY_NEW',
  'STOP_ON_FAILURE',
  'ALLOW_FAILURE',
  '1700000040000',
  '1700000040000000',
  '100',
];
const NAMES: readonly string[] = [
  'symbol',
  'symbols',
  'side',
  'type',
  'timeInForce',
  'quantity',
  'quoteOrderQty',
  'price',
  'stopPrice',
  'trailingDelta',
  'icebergQty',
  'newClientOrderId',
  'newOrderRespType',
  'orderId',
  'origClientOrderId',
  'cancelReplaceMode',
  'cancelOrderId',
  'newQty',
  'limit',
  'fromId',
  'startTime',
  'endTime',
  'interval',
  'recvWindow',
  'aboveType',
  'abovePrice',
  'belowType',
  'belowStopPrice',
  'workingType',
  'workingSide',
  'workingPrice',
  'workingQuantity',
  'pendingType',
  'pendingSide',
  'orderListId',
  'pegPriceType',
  'pegOffsetType',
  'pegOffsetValue',
  'selfTradePreventionMode',
  'strategyType',
  'timestamp',
  '__proto__',
  'x',
];

/** Values that a request is made of are mutated, and sometimes its bytes. */
class Mutator {
  private readonly random = new SeededRandom(SEED);

  chance(share: number): boolean {
    return this.random.nextFraction() < share;
  }
  oneOf<T>(list: readonly T[]): T {
    return list[this.random.nextUint32() % list.length]!;
  }
  below(limit: number): number {
    return this.random.nextUint32() % limit;
  }

  parameters(): Sent {
    const sent: Record<string, string | number> = this.chance(0.5) ? { ...LIMIT_BUY } : { symbol: 'BTCUSDT' };
    for (let count = this.below(6); count > 0; count -= 1) {
      const name = this.oneOf(NAMES);
      if (this.chance(0.2)) delete sent[name];
      else
        Object.defineProperty(sent, name, {
          value: this.value(),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return sent;
  }

  private value(): string {
    const value = this.oneOf(VALUES).replace('\ud800', '?');
    return this.chance(0.9) ? value : value.repeat(this.below(80));
  }

  bytes(text: string): string {
    let changed = text;
    for (let count = this.below(4); count > 0; count -= 1) {
      const at = this.below(changed.length + 1);
      const added = this.oneOf(['&', '=', '%', '%ff', '+', '"', '{', '}', '[', ',', ':', '\\', '0', 'é', '']);
      changed = changed.slice(0, at) + added + changed.slice(at + this.below(3));
    }
    return changed;
  }
}

/** All that a request could change: orders, balances and public trades. */
const stateOf = (venue: Venue): string =>
  inspect(
    [
      venue.exchange.oracle.orders('BTCUSDT'),
      venue.exchange.oracle.orders('ETHUSDT'),
      venue.exchange.oracle.accounts.map((it) => it.balances),
      venue.exchange.oracle.trades('BTCUSDT').length,
    ],
    { depth: 6, maxArrayLength: null },
  );

const METHODS = [...OPERATIONS.map((it) => it.webSocket ?? 'none'), ...SESSION_METHODS.keys()];
const HALVES = new Set([-2021, -2022]);

test(`S8, S11: ${runs} mutated requests are all answered, and a refused one changes nothing (seed ${SEED})`, () => {
  const mutator = new Mutator();
  let venue = new Venue();
  let before = '';
  let accepted = 0;
  for (let run = 0; run < runs; run += 1) {
    // The limits are tested elsewhere, and would refuse most of what comes here.
    if (run % 500 === 0) {
      venue = new Venue({ exchangeInfo: { rateLimits: [] } });
      before = stateOf(venue);
    }
    const operation = mutator.oneOf(OPERATIONS);
    const [method, path] = operation.rest!;
    const text = queryOf({
      ...mutator.parameters(),
      ...(mutator.chance(0.95) ? { timestamp: venue.time.nowMs() } : {}),
    });
    const signed = mutator.chance(0.3) ? mutator.bytes(text) : text;
    const signature = encodeURIComponent(venue.trader.signature(signed));
    const isChangedAfterwards = mutator.chance(0.1);
    const query = `${isChangedAfterwards ? mutator.bytes(signed) : signed}&signature=${signature}`;
    const isInBody = method !== 'GET' && mutator.chance(0.3);
    const response = venue.raw(method, path, isInBody ? '' : query, {
      body: isInBody ? query : '',
      headers: operation.security === 'NONE' ? {} : { 'x-mbx-apikey': venue.trader.apiKey },
    });
    const body = JSON.parse(response.body) as { code?: number };
    if (response.status === 200) accepted += 1;
    else expect([response.status, typeof body.code], query).toEqual([expect.any(Number), 'number']);
    expect(response.status, query).toBeLessThan(500);
    const mayChange = response.status === 200 || HALVES.has(body.code ?? 0);
    // Looking at everything is slow: after every refusal that could have done something, and only then.
    if (method !== 'GET') {
      if (mayChange) before = stateOf(venue);
      else expect(stateOf(venue), query).toBe(before);
    }
  }
  expect(accepted).toBeGreaterThan(runs / 100);
});

test(`S8: ${runs} mutated frames are all answered, and a refused one changes nothing (seed ${SEED})`, () => {
  const mutator = new Mutator();
  let venue = new Venue();
  let client = venue.open();
  let before = '';
  for (let run = 0; run < runs; run += 1) {
    if (run % 500 === 0) {
      venue = new Venue({ exchangeInfo: { rateLimits: [] } });
      client = venue.open();
      before = stateOf(venue);
    }
    const method = mutator.oneOf(METHODS);
    const params: Record<string, string | number> = {
      ...mutator.parameters(),
      apiKey: venue.trader.apiKey,
      timestamp: venue.time.nowMs(),
    };
    const text = Object.keys(params)
      .toSorted()
      .map((name) => `${name}=${params[name]}`)
      .join('&');
    const frame = JSON.stringify({
      id: run,
      method,
      params: { ...params, signature: venue.trader.signature(text) },
    });
    client.frames.length = 0;
    const { status, body } = client.send(mutator.chance(0.5) ? mutator.bytes(frame) : frame);
    expect(status, frame).toBeLessThan(500);
    if (operationOfMethod(method)?.security !== 'TRADE') continue;
    const code = (body as { error?: { code: number } }).error?.code ?? 0;
    if (status === 200 || HALVES.has(code)) before = stateOf(venue);
    else expect(stateOf(venue), frame).toBe(before);
  }
});
