import { createHmac } from 'node:crypto';
import { amount } from '@tradewind/core/money';
import { VirtualTime } from '@tradewind/utils';
import { describeFaultPlanProblem, readFaultPlan } from './faults/read-plan.ts';
import { SimulatorHost } from './host.ts';
import { type AccountSetup, hmacKey } from './setup/accounts.ts';
import { builtInExchangeInfo } from './setup/built-in-exchange-info.ts';
import { type MakeMarket, traders } from './setup/traders.ts';
import type { SavedSimulator } from './simulator.ts';
import type { SocketHandler, WireRequest, WireResponse } from './wire.ts';

export const START_MS = 1_700_000_000_000;
export const SECONDS = 1000;

const keyOf = (account: number): string => `keyOfAccount${account}`;
const secretOf = (account: number): string => `secretOfAccount${account}`;

/** Two accounts that own the same. */
const ACCOUNTS: readonly AccountSetup[] = [1, 2].map((account) => ({
  balances: [
    ['BTC', amount('BTC', '10')],
    ['USDT', amount('USDT', '1000000')],
  ],
  keys: [hmacKey(keyOf(account), secretOf(account))],
}));

export interface TestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any field of any answer
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

interface TestSimulatorOptions {
  readonly faults?: readonly object[];
  readonly faultSeed?: number;
  readonly market?: MakeMarket;
  readonly saved?: SavedSimulator;
}

/** A whole simulator in virtual time, and a client that signs. Without a market the book of BTCUSDT is empty. */
export class TestSimulator {
  readonly time = new VirtualTime(START_MS);
  readonly host: SimulatorHost;

  constructor({ faults = [], faultSeed = 1, market, saved }: TestSimulatorOptions = {}) {
    const info = builtInExchangeInfo(['BTCUSDT', 'ETHUSDT']);
    if (!info.ok) throw new Error(info.error);
    this.host = new SimulatorHost(
      { clock: this.time, timers: this.time },
      {
        exchangeInfo: info.value,
        accounts: ACCOUNTS,
        ...(market === undefined ? {} : { market }),
        ...(saved === undefined ? {} : { saved }),
      },
    );
    if (faults.length > 0) this.install(faults, faultSeed);
  }

  get exchange() {
    return this.host.simulator.exchange;
  }

  install(faults: readonly object[], seed = 1): void {
    const plan = readFaultPlan({ seed, faults });
    const done = plan.ok ? this.host.simulator.faults.install(plan.value) : plan;
    if (!done.ok) throw new Error(describeFaultPlanProblem(done.error));
  }

  /** The answer of a request that is answered at once. */
  ask(
    method: string,
    path: string,
    parameters: Readonly<Record<string, string>> = {},
    account = 1,
  ): TestAnswer {
    const answers = this.send(method, path, parameters, account);
    if (answers[0] === undefined) throw new Error(`${method} ${path} is not answered at once`);
    return answers[0];
  }

  /** The list gets the answer when it comes. */
  send(
    method: string,
    path: string,
    parameters: Readonly<Record<string, string>> = {},
    account = 1,
  ): TestAnswer[] {
    const signed = new URLSearchParams({
      ...parameters,
      timestamp: String(this.host.simulator.clock.nowMs()),
    });
    const signature = createHmac('sha256', secretOf(account)).update(signed.toString()).digest('hex');
    const query = `${signed}&signature=${signature}`;
    return this.request(method, path, query, { 'x-mbx-apikey': keyOf(account) });
  }

  /** Asks for public data. */
  look(path: string): TestAnswer {
    const [target = '', query = ''] = path.split('?');
    return this.request('GET', target, query, {})[0]!;
  }

  order(parameters: Readonly<Record<string, string>>, account = 1): TestAnswer {
    const usual = { symbol: 'BTCUSDT', type: 'LIMIT', timeInForce: 'GTC', newOrderRespType: 'FULL' };
    return this.ask('POST', '/api/v3/order', { ...usual, ...parameters }, account);
  }

  /** A subscribed user data stream. */
  userStream(account = 1): TestSocket {
    const socket = new TestSocket(this, '/ws-api/v3');
    const timestamp = this.host.simulator.clock.nowMs();
    const text = `apiKey=${keyOf(account)}&timestamp=${timestamp}`;
    const signature = createHmac('sha256', secretOf(account)).update(text).digest('hex');
    const params = { apiKey: keyOf(account), timestamp, signature };
    socket.send({ id: 'subscribe', method: 'userDataStream.subscribe.signature', params });
    return socket;
  }

  private request(
    method: string,
    path: string,
    query: string,
    headers: Readonly<Record<string, string>>,
  ): TestAnswer[] {
    const request: WireRequest = { method, path, query, headers, body: '', remoteAddress: '192.0.2.1' };
    const answers: TestAnswer[] = [];
    const note = ({ status, body, headers: received }: WireResponse): void => {
      answers.push({
        status,
        headers: received,
        body: received['content-type']?.includes('json') ? JSON.parse(body) : body,
      });
    };
    this.host.request(request, { answer: note, cut: () => note({ status: 0, headers: {}, body: '' }) });
    return answers;
  }
}

/** A client's WebSocket in virtual time. */
export class TestSocket {
  /** Parsed texts, and how the socket ended. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at any field of any message
  readonly messages: any[] = [];
  /** The same, as they came. */
  readonly texts: string[] = [];
  isOpen = true;
  private readonly handler: SocketHandler;

  constructor(simulator: TestSimulator, target: string) {
    const [path = '', query = ''] = target.split('?');
    const upgrade = simulator.host.upgrade({
      method: 'GET',
      path,
      query,
      headers: {},
      body: '',
      remoteAddress: '192.0.2.1',
    });
    if (upgrade.kind === 'refused') throw new Error(`refused: ${upgrade.response.status}`);
    this.handler = upgrade.open({
      remoteAddress: '192.0.2.1',
      bufferedBytes: 0,
      send: (text) => {
        this.texts.push(text);
        this.messages.push(JSON.parse(text));
      },
      ping: () => this.handler.ponged(),
      close: (code) => this.end(`closed ${code}`),
      cut: () => this.end('cut'),
    });
  }

  send(message: object): void {
    this.handler.message(JSON.stringify(message));
  }

  /** Fields of the user events so far: `X z` of execution reports, else the type. */
  get events(): string[] {
    return this.messages
      .filter((message) => message.event !== undefined)
      .map(({ event }) => (event.e === 'executionReport' ? `${event.x} ${event.X} ${event.z}` : event.e));
  }

  private end(how: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.messages.push(how);
    this.handler.closed();
  }
}

export const someMarket = (seed: number): MakeMarket => traders({ seed, ordersPerSecond: 20 });
