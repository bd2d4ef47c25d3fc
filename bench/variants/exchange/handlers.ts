import { createHmac } from 'node:crypto';
import { price, quantity } from '@tradewind/core/money';
import { Simulator } from '@tradewind/exchange-simulator';
import { systemClock, systemTimers } from '@tradewind/utils';
import { measure } from '../../harness/measure.ts';
import { summarize } from '../../harness/summary.ts';
import { ACCOUNTS, exchangeInfo, restOrder, webSocketOrder } from './orders.ts';

/** What one order costs without a socket, in one process. */
export interface HandlerLine {
  readonly microsecondsPerOrder: number;
}

const ORDERS = 40_000;
const RUNS = 5;
const WARM_UP_RUNS = 1;
const ADDRESS = '127.0.0.1';

/** One way of handing in orders. */
interface Entrance {
  /** Makes the i-th order, and gives what has it done; only that is measured. */
  readonly order: (i: number) => () => void;
  readonly close?: () => void;
}

const handler = (enter: (simulator: Simulator) => Entrance) => ({
  run(): HandlerLine {
    const ports = { clock: systemClock, timers: systemTimers };
    const simulator = new Simulator(ports, { exchangeInfo: exchangeInfo(), accounts: ACCOUNTS });
    const { order, close } = enter(simulator);
    const turns = Array.from({ length: WARM_UP_RUNS + RUNS }, (_, turn) => {
      const works = Array.from({ length: ORDERS }, (_, i) => order(turn * ORDERS + i));
      const { duration } = measure(() => {
        for (const work of works) work();
      });
      return duration.cpuNanoseconds / 1000 / ORDERS;
    });
    close?.();
    return { microsecondsPerOrder: summarize(turns.slice(WARM_UP_RUNS)).median };
  },
});

export const handlers = {
  /** Checking one signature over a text of that length: nobody can take a signed order for less. */
  signature: handler(() => ({
    order: (i) => {
      const { body } = restOrder(i, Date.now());
      return () => createHmac('sha256', 'secret of the buyer').update(body).digest('hex');
    },
  })),
  engine: handler(({ exchange }) => {
    const [buyer, seller] = exchange.oracle.accounts.map(({ account }) => account);
    const order = { type: 'LIMIT', price: price('60000'), quantity: quantity('0.001') } as const;
    return {
      order: (i) => {
        const clientOrderId = `order-${i}`;
        const isBuy = i % 2 === 0;
        const placed = { ...order, side: isBuy ? 'BUY' : 'SELL', clientOrderId } as const;
        return () => expectTaken(exchange.placeOrder(isBuy ? buyer! : seller!, 'BTCUSDT', placed).ok);
      },
    };
  }),
  rest: handler((simulator) => ({
    order: (i) => {
      const { apiKey, body } = restOrder(i, Date.now());
      const headers = { 'x-mbx-apikey': apiKey, 'content-type': 'application/x-www-form-urlencoded' };
      const path = '/api/v3/order';
      const request = { method: 'POST', path, query: '', headers, body, remoteAddress: ADDRESS };
      const answerer = {
        answer: ({ status }: { readonly status: number }) => expectTaken(status === 200),
        cut: () => undefined,
      };
      return () => simulator.request(request, answerer);
    },
  })),
  'web-socket': handler((simulator) => {
    const handshake = {
      method: 'GET',
      path: '/ws-api/v3',
      query: '',
      headers: {},
      body: '',
      remoteAddress: ADDRESS,
    };
    const upgrade = simulator.upgrade(handshake);
    if (upgrade.kind === 'refused') throw new Error(upgrade.response.body);
    const socket = upgrade.open({
      remoteAddress: ADDRESS,
      send: (text) => expectTaken(text.includes('"status":200')),
      ping: () => undefined,
      close: () => undefined,
      cut: () => undefined,
      bufferedBytes: 0,
    });
    return {
      order: (i) => {
        const text = webSocketOrder(i, Date.now());
        return () => socket.message(text);
      },
      // Its life and its pings would go on for a minute.
      close: () => socket.closed(),
    };
  }),
} as const;

function expectTaken(isTaken: boolean): void {
  if (!isTaken) throw new Error('an order was refused');
}
