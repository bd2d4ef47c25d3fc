import { beforeEach, describe, expect, test } from 'vitest';
import { ADDRESS, fieldOf, type Holder, LIMIT_BUY, queryOf, START_MS, Venue } from '../venue.test-support.ts';

let venue: Venue;
beforeEach(() => {
  venue = new Venue();
});

const KINDS = {
  HMAC: (): Holder => venue.hmac(venue.trader.account),
  Ed25519: (): Holder => venue.ed25519(venue.trader.account),
  RSA: (): Holder => venue.rsa(venue.trader.account),
};

describe.each(Object.entries(KINDS))('with an %s key', (_kind, makeKey) => {
  test('a signed order is placed', () => {
    expect(venue.signed('POST', '/api/v3/order', LIMIT_BUY, makeKey()).status).toBe(200);
  });

  test('any change after signing is refused with -1022', () => {
    const holder = makeKey();
    const text = queryOf({ ...LIMIT_BUY, timestamp: START_MS });
    const signature = encodeURIComponent(holder.signature(text));
    const changed = `${text.replace('0.1', '0.2')}&signature=${signature}`;
    const response = venue.raw('POST', '/api/v3/order', changed, {
      headers: { 'x-mbx-apikey': holder.apiKey },
    });
    expect([response.status, JSON.parse(response.body)]).toEqual([
      400,
      { code: -1022, msg: 'Signature for this request is not valid.' },
    ]);
  });

  test('query and body are signed one after the other, with nothing between them', () => {
    const holder = makeKey();
    const query = 'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC';
    const body = `quantity=0.1&price=50000&timestamp=${START_MS}`;
    const send = (signed: string): number => {
      const signature = encodeURIComponent(holder.signature(signed));
      const headers = { 'x-mbx-apikey': holder.apiKey };
      return venue.raw('POST', '/api/v3/order', query, { body: `${body}&signature=${signature}`, headers })
        .status;
    };
    expect(send(`${query}&${body}`)).toBe(400);
    expect(send(query + body)).toBe(200);
  });
});

test('an unescaped base64 signature is refused: its plus has become a space', () => {
  const holder = venue.rsa(venue.trader.account);
  let query = '';
  // Of 344 characters at least one is a plus nearly always; the timestamp is moved until it is so.
  for (let timestamp = START_MS; !query.includes('+'); timestamp -= 1) {
    const text = queryOf({ timestamp });
    query = `${text}&signature=${holder.signature(text)}`;
  }
  const headers = { 'x-mbx-apikey': holder.apiKey };
  expect(JSON.parse(venue.raw('GET', '/api/v3/account', query, { headers }).body)).toMatchObject({
    code: -1022,
  });
});

test('what is percent-encoded has to be signed as it is sent', () => {
  const { trader } = venue;
  const headers = { 'x-mbx-apikey': trader.apiKey };
  const sent = `symbol=${encodeURIComponent('这是测试币456')}&timestamp=${START_MS}`;
  const code = (signed: string): unknown =>
    fieldOf(
      {
        status: 0,
        headers: {},
        body: JSON.parse(
          venue.raw('GET', '/api/v3/openOrders', `${sent}&signature=${trader.signature(signed)}`, { headers })
            .body,
        ),
      },
      'code',
    );
  expect(code(decodeURIComponent(sent))).toBe(-1022);
  expect(code(sent)).toBe(-1121);
});

describe('G4: a key', () => {
  test.each([
    { why: 'not sent', headers: {}, status: 401, code: -2014 },
    { why: 'no key at all', headers: { 'x-mbx-apikey': 'not a key!' }, status: 401, code: -2014 },
    { why: 'unknown', headers: { 'x-mbx-apikey': 'y'.repeat(64) }, status: 401, code: -2015 },
  ])('that is $why is refused with $code', ({ headers, status, code }) => {
    const answer = venue.raw('GET', '/api/v3/account', `timestamp=${START_MS}&signature=00`, { headers });
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([status, { code }]);
  });

  test('that may not trade can read', () => {
    const reader = venue.hmac(venue.trader.account, { trade: false });
    expect(venue.signed('GET', '/api/v3/account', {}, reader).status).toBe(200);
    expect(venue.signed('POST', '/api/v3/order', LIMIT_BUY, reader)).toMatchObject({
      status: 401,
      body: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' },
    });
  });

  test('of certain addresses works from no other, and is dead once it is removed', () => {
    const bound = venue.hmac(venue.trader.account, {}, [ADDRESS]);
    expect(venue.signed('GET', '/api/v3/account', {}, bound).status).toBe(200);
    expect(venue.signed('GET', '/api/v3/account', {}, bound, { address: '10.0.0.1' }).status).toBe(401);
    venue.exchange.removeKey(bound.apiKey);
    expect(venue.signed('GET', '/api/v3/account', {}, bound).status).toBe(401);
  });

  test('G3: says what it may do', () => {
    const bound = venue.hmac(venue.trader.account, { withdraw: true }, [ADDRESS]);
    const { body, headers } = venue.signed('GET', '/sapi/v1/account/apiRestrictions', {}, bound);
    // Source: binance-spot.md section 2.6.
    expect(body).toEqual({
      ipRestrict: true,
      createTime: START_MS,
      enableReading: true,
      enableWithdrawals: true,
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: false,
      permitsUniversalTransfer: false,
      enableVanillaOptions: false,
      enableFixApiTrade: false,
      enableFixReadOnly: false,
      enableSpotAndMarginTrading: true,
      enablePortfolioMarginTrading: false,
    });
    expect(headers['x-sapi-used-ip-weight-1m']).toBe('1');
    expect(headers['x-mbx-used-weight-1m']).toBeUndefined();
  });
});

describe('C1, C2: a timestamp', () => {
  test('ahead of the server or older than the receive window is refused, and costs no order count', () => {
    const early = venue.signed('POST', '/api/v3/order', { ...LIMIT_BUY, timestamp: START_MS + 1000 });
    const late = venue.signed('POST', '/api/v3/order', { ...LIMIT_BUY, timestamp: START_MS - 5001 });
    expect([early.body, late.body]).toEqual([
      { code: -1021, msg: "Timestamp for this request was 1000ms ahead of the server's time." },
      { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' },
    ]);
    expect(venue.exchange.orderCounts(venue.trader.account).map((it) => it.count)).toEqual([0, 0]);
  });

  test('that grows too old on the way to the engine costs order count and weight, and places nothing', () => {
    const held = venue.signed('POST', '/api/v3/order', { ...LIMIT_BUY, recvWindow: 100 }, venue.trader, {
      delayMs: 101,
    });
    expect([held.status, held.body]).toMatchObject([400, { code: -1021 }]);
    expect(venue.exchange.orderCounts(venue.trader.account).map((it) => it.count)).toEqual([1, 1]);
    expect(held.headers['x-mbx-used-weight-1m']).toBe('1');
    expect(venue.exchange.openOrders(venue.trader.account)).toMatchObject({ value: [] });
  });

  test('may be in microseconds, with a fractional receive window', () => {
    const sent = { timestamp: `${START_MS - 6000}000`, recvWindow: '6000.346' };
    expect(venue.signed('GET', '/api/v3/account', sent).status).toBe(200);
  });

  test('and a signature have to be there', () => {
    const headers = { 'x-mbx-apikey': venue.trader.apiKey };
    const unsigned = venue.raw('GET', '/api/v3/account', `timestamp=${START_MS}`, { headers });
    expect(JSON.parse(unsigned.body)).toMatchObject({
      code: -1102,
      msg: expect.stringContaining("'signature'"),
    });
    const untimed = venue.raw('GET', '/api/v3/account', `signature=00`, { headers });
    expect(JSON.parse(untimed.body)).toMatchObject({
      code: -1102,
      msg: expect.stringContaining("'timestamp'"),
    });
  });
});

describe('paths', () => {
  test('of listen keys are gone, with a page', () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = venue.raw(method, '/api/v3/userDataStream');
      expect([response.status, response.headers['content-type']]).toEqual([410, 'text/html;charset=UTF-8']);
      expect(response.body).toContain('<html>');
    }
  });

  test('that do not exist answer 404, with a page only for who accepts one', () => {
    expect(venue.raw('GET', '/api/v1/ping')).toMatchObject({ status: 404, body: '' });
    const page = venue.raw('GET', '/nowhere', '', { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.body.includes('<html>')]).toEqual([404, true]);
  });

  test('answer SBE, when nothing else is accepted, with 406', () => {
    expect(venue.get('/api/v3/ping', {}, { headers: { accept: 'application/sbe' } })).toMatchObject({
      status: 406,
      body: { code: -1155 },
    });
  });
});

test('times are in microseconds for who asks so, and a bad unit is refused', () => {
  const unit = (text: string) => ({ headers: { 'x-mbx-time-unit': text } });
  expect(venue.get('/api/v3/time', {}, unit('MICROSECOND')).body).toEqual({ serverTime: START_MS * 1000 });
  expect(venue.get('/api/v3/time', {}, unit('millisecond')).body).toEqual({ serverTime: START_MS });
  expect(venue.get('/api/v3/time', {}, unit('NANOSECOND'))).toMatchObject({
    status: 400,
    body: { code: -1194 },
  });
  const order = venue.signed('POST', '/api/v3/order', LIMIT_BUY, venue.trader, unit('microsecond'));
  expect(order.body).toMatchObject({ transactTime: START_MS * 1000, workingTime: START_MS * 1000 });
});
