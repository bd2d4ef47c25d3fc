import { spawn, spawnSync } from 'node:child_process';
import { createHmac, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemTimers } from '@tradewind/utils';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readSimulatorOptions, type TypedSimulatorOptions } from './simulator-options.ts';
import { startUpText } from './simulator-text.ts';
import { type RunningSimulator, startSimulator } from './start-simulator.ts';

const TRADEWIND = fileURLToPath(new URL('bin/tradewind.js', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-simulator-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const DEFAULTS: TypedSimulatorOptions = { port: '0', host: '127.0.0.1', seed: '1', traders: true };
const PORTS = { clock: systemClock, timers: systemTimers };

async function start(typed: Partial<TypedSimulatorOptions>) {
  const request = readSimulatorOptions({ ...DEFAULTS, ...typed });
  return request.ok
    ? { request: request.value, started: await startSimulator(request.value, PORTS) }
    : { started: request };
}

const running: RunningSimulator[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

/** What the command does between reading its options and being told to stop, with what it prints. */
class Listening {
  readonly text: string;
  private readonly simulator: RunningSimulator;

  private constructor(simulator: RunningSimulator, text: string) {
    this.simulator = simulator;
    this.text = text;
  }

  static async start(typed: Partial<TypedSimulatorOptions>): Promise<Listening> {
    const { request, started } = await start(typed);
    if (request === undefined || !started.ok) throw new Error(`not started: ${JSON.stringify(started)}`);
    running.push(started.value);
    return new Listening(started.value, startUpText(started.value, request));
  }

  find(pattern: RegExp): string {
    const [, found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new Error(`${pattern} is not in: ${this.text}`);
    return found;
  }

  get rest(): string {
    return this.find(/REST +(\S+)/);
  }

  stop() {
    running.splice(running.indexOf(this.simulator), 1);
    return this.simulator.stop();
  }
}

async function json(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any field of any answer
  return { status: response.status, body: (await response.json()) as any };
}

/** Asks for something that needs a signature. */
function ask(at: Listening, key: string, secret: string, method: string, path: string, parameters: string) {
  const query = `${parameters}&timestamp=${Date.now()}`;
  const signature = createHmac('sha256', secret).update(query).digest('hex');
  return json(`${at.rest}${path}?${query}&signature=${signature}`, {
    method,
    headers: { 'x-mbx-apikey': key },
  });
}

test('it prints addresses and keys that work over REST, streams and the WebSocket API', async () => {
  const at = await Listening.start({ symbols: 'BTCUSDT', seed: '5', controlPort: '0' });
  const key = at.find(/HMAC key +(demoKey1[A-Za-z0-9]{56})\n/);
  const secret = at.find(/secret +(demoSecret1[A-Za-z0-9]{53})\n/);
  const order = 'symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001';
  expect(await ask(at, key, secret, 'POST', '/order', order)).toMatchObject({
    status: 200,
    body: { status: 'FILLED', executedQty: '0.00100000' },
  });

  const streams = new WebSocket(`${at.find(/streams +(ws:\S+)/)}/btcusdt@depth@100ms`);
  const update = await new Promise<string>((resolve) => {
    streams.onmessage = ({ data }) => resolve(data);
  });
  expect(JSON.parse(update)).toMatchObject({ e: 'depthUpdate', s: 'BTCUSDT' });

  const api = new WebSocket(at.find(/WebSocket API +(\S+)/));
  await new Promise((resolve) => {
    api.onopen = resolve;
  });
  const apiKey = at.find(/ED25519 key +(\S+)/);
  const [pem] = /-----BEGIN[\s\S]*?END PRIVATE KEY-----/.exec(at.text) ?? [''];
  const timestamp = Date.now();
  const text = `apiKey=${apiKey}&timestamp=${timestamp}`;
  const signature = sign(null, Buffer.from(text), pem.replaceAll(/^ +/gm, '')).toString('base64');
  api.send(JSON.stringify({ id: 1, method: 'session.logon', params: { apiKey, timestamp, signature } }));
  const logon = await new Promise<string>((resolve) => {
    api.onmessage = ({ data }) => resolve(data);
  });
  expect(JSON.parse(logon)).toMatchObject({ id: 1, status: 200, result: { apiKey } });

  const { body } = await json(`${at.find(/control port +(\S+)/)}status`);
  expect(body).toMatchObject({ market_is_running: true, symbols: [{ symbol: 'BTCUSDT' }] });
  const isClosed = new Promise((resolve) => {
    api.onclose = ({ code }) => resolve(code);
  });
  expect(await at.stop()).toEqual({ ok: true, value: undefined });
  expect(await isClosed).toBe(1001);
});

test('an account that is brought has its balances, and a state that is saved is there again', async () => {
  const options = {
    symbols: 'BTCUSDT',
    traders: false,
    state: join(folder, 'state.json'),
    account: ['mine:hidden:USDT=1000,BTC=1'],
  };
  const first = await Listening.start(options);
  expect(first.text).not.toContain('hidden');
  const order = 'symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.25&price=50000';
  expect(await ask(first, 'mine', 'hidden', 'POST', '/order', order)).toMatchObject({ status: 200 });
  await first.stop();
  expect(JSON.parse(readFileSync(options.state, 'utf8'))).toMatchObject({ version: 1 });

  const second = await Listening.start(options);
  const account = await ask(second, 'mine', 'hidden', 'GET', '/account', 'omitZeroBalances=true');
  expect(account.body.balances).toEqual([
    { asset: 'USDT', free: '1000.00000000', locked: '0.00000000' },
    { asset: 'BTC', free: '0.75000000', locked: '0.25000000' },
  ]);
  const otherSymbols = await start({ ...options, symbols: 'ETHUSDT', account: [] });
  expect(otherSymbols.started).toMatchObject({
    ok: false,
    error: { exitCode: 2, sentence: expect.stringContaining('start with the symbols it was saved with') },
  });
});

test('prices follow recorded bars, and a fault plan is in force from the start', async () => {
  const rows = Array.from(
    { length: 60 },
    (_, minute) => `${1_609_459_200_000 + minute * 60_000},30000,30010,29990,30000,5`,
  );
  const replay = join(folder, 'BTCUSDT-1m-2021.csv');
  writeFileSync(replay, `${rows.join('\n')}\n`);
  const plan = { faults: [{ fault: 'fail_request', error: 'gone_html', where: { endpoint: '*/ping' } }] };
  const faults = join(folder, 'faults.json');
  writeFileSync(faults, JSON.stringify(plan));
  const at = await Listening.start({ replay, speed: '60', faults });
  expect(at.find(/symbols +(.*)\n/)).toBe('BTCUSDT');
  expect((await fetch(`${at.rest}/ping`)).status).toBe(410);
  const { body } = await json(`${at.rest}/ticker/bookTicker?symbol=BTCUSDT`);
  expect(Number(body.bidPrice)).toBeGreaterThan(29_000);
  expect(Number(body.askPrice)).toBeLessThan(31_000);
});

test('a capture of streams is played as it is: its book becomes the book', async () => {
  const replay = join(folder, 'BTCUSDT-capture.txt');
  const line = (data: object) => `1723161254206652067 ${JSON.stringify(data)}\n`;
  writeFileSync(
    replay,
    line({ lastUpdateId: 7, bids: [['61837.63', '3.5']], asks: [['61837.64', '1.25']] }) +
      line({
        stream: 'btcusdt@trade',
        data: { e: 'trade', s: 'BTCUSDT', t: 1, p: '61837.64', q: '0.02', T: 1, m: false },
      }),
  );
  const at = await Listening.start({ replay, controlPort: '0' });
  const control = at.find(/control port +(\S+)/);
  while ((await json(`${control}status`)).body.market_end === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect((await json(`${control}status`)).body.market_end).toBe('the recording has ended');
  expect((await json(`${at.rest}/ticker/bookTicker?symbol=BTCUSDT`)).body).toMatchObject({
    bidPrice: '61837.63000000',
    bidQty: '3.50000000',
    askPrice: '61837.64000000',
  });
  expect((await json(`${at.rest}/ticker/price?symbol=BTCUSDT`)).body.price).toBe('61837.64000000');
  expect((await json(`${control}market/advance?ms=10`, { method: 'POST' })).status).toBe(400);
});

test('what cannot be started is told in one sentence, and nothing is left open', async () => {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const plan = file('bad-plan.json', '{"faults":[{"fault":"nope"}]}');
  const noJson = file('no-json.json', '{');
  const { port } = new URL((await Listening.start({ symbols: 'BTCUSDT', traders: false })).rest);
  const cases: [Partial<TypedSimulatorOptions>, RegExp][] = [
    [{ symbols: 'BTCUSD' }, /^--symbols BTCUSD: .*did you mean BTCUSDT\?.*--exchange-info/],
    [{ host: '192.0.2.1' }, /^--port: 192\.0\.2\.1: is no address of this machine/],
    [{ port }, /^--port: 127\.0\.0\.1:\d+: another program listens there/],
    [{ controlPort: port }, /^--control-port: 127\.0\.0\.1:\d+: another program listens there/],
    [{ exchangeInfo: 'none.json' }, /^--exchange-info none\.json: there is no such file/],
    [{ exchangeInfo: plan }, /^--exchange-info .*: it names no symbol/],
    [{ state: plan }, /^--state .*bad-plan\.json: is no state/],
    [{ faults: noJson }, /^--faults .*no-json\.json: it is not JSON/],
    [{ faults: plan }, /^--faults .*: field faults\.0\.fault: there is no kind of fault "nope"/],
    [{ replay: 'nowhere' }, /^--replay nowhere: cannot be read/],
    [{ account: ['a:b:DOGE=1'] }, /^--account a: no symbol is about DOGE; the assets are BTC, USDT, /],
  ];
  for (const [typed, sentence] of cases) {
    const { started } = await start(typed);
    expect(started).toMatchObject({
      ok: false,
      error: { exitCode: 2, sentence: expect.stringMatching(sentence) },
    });
  }
});

test('the command listens until it is told to stop, and ends with 0', async () => {
  const child = spawn(process.execPath, [TRADEWIND, 'simulator', '--port', '0', '--symbols', 'BTCUSDT']);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('Ctrl-C') && resolve());
  });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('a wrong command ends with 2 and one sentence', () => {
  const run = spawnSync(process.execPath, [TRADEWIND, 'simulator', '--port', 'x'], { encoding: 'utf8' });
  expect(run).toEqual(expect.objectContaining({ status: 2, stdout: '' }));
  expect(run.stderr).toBe('error: --port x: expected a port from 1 to 65535, or 0 for any that is free\n');
});
