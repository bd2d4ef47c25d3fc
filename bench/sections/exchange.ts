import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { HandlerLine } from '../variants/exchange/handlers.ts';
import type { LatencyLine, ThroughputLine } from '../variants/exchange/runs.ts';
import type { Section } from './section.ts';

const THROUGHPUT = ['rest', 'rest-floor', 'web-socket', 'web-socket-floor'] as const;
const LATENCY = ['latency', 'latency-floor'] as const;
/** With the usual 16 MB the load would collect what its loop leaves behind several times a second. */
const LOAD_OPTIONS = ['--max-semi-space-size=256', '--min-semi-space-size=256'];
const HANDLERS = ['signature', 'engine', 'rest', 'web-socket'] as const;

const NAMES = {
  rest: 'REST',
  'rest-floor': 'bare node:http',
  'web-socket': 'WebSocket API',
  'web-socket-floor': 'bare ws echo',
  latency: 'WebSocket API',
  'latency-floor': 'bare ws echo',
} as const;
const HANDLER_NAMES = {
  signature: 'HMAC of one order, nothing else',
  engine: 'exchange.placeOrder, no wire',
  rest: 'REST, whole request',
  'web-socket': 'WebSocket API, whole request',
} as const;

/** The exchange simulator under orders: signed LIMIT orders of two accounts that trade with each other, every second one filled. */
export const exchange: Section = {
  title: () => 'exchange: signed orders over loopback; the server and the load have a process each',

  async run({ rounds }) {
    const throughput = await interleave(rounds, THROUGHPUT, (run) =>
      runVariant<ThroughputLine>(`exchange-${run}`, {}),
    );
    const perSecond = (run: (typeof THROUGHPUT)[number]) =>
      throughput[run].map(({ ordersPerSecond }) => ordersPerSecond);
    const server = (run: (typeof THROUGHPUT)[number]) =>
      throughput[run].map(({ serverMicroseconds }) => serverMicroseconds);
    /** What the server could do with a processor to itself; on a busy machine the clock counts the neighbours, too. */
    const perProcessor = (run: (typeof THROUGHPUT)[number]) =>
      summarize(server(run).map((microseconds) => 1e6 / microseconds));
    printTable(
      ['orders', 'orders/s (wall)', 'orders/s (server cpu)', 'us/order (server cpu)', 'server / floor'],
      THROUGHPUT.map((run) => {
        const floor = run.startsWith('rest') ? 'rest-floor' : 'web-socket-floor';
        return [
          NAMES[run],
          showSummary(summarize(perSecond(run)), 0),
          showSummary(perProcessor(run), 0),
          showSummary(summarize(server(run)), 1),
          showSummary(ratios(server(run), server(floor)), 2),
        ];
      }),
    );

    const latency = await interleave(rounds, LATENCY, (run) =>
      runVariant<LatencyLine>(`exchange-${run}`, {}, LOAD_OPTIONS),
    );
    const ms = (run: (typeof LATENCY)[number], field: keyof LatencyLine) =>
      summarize(latency[run].map((line) => line[field]));
    console.log();
    printTable(
      [
        'acknowledgement at 5000 orders/s',
        'p50 ms',
        'p99 ms',
        'p99.9 ms',
        'in hand p50 ms',
        'in hand p99 ms',
        'in hand p99.9 ms',
        'load late ms (worst)',
      ],
      LATENCY.map((run) => [
        NAMES[run],
        showSummary(ms(run, 'p50'), 2),
        showSummary(ms(run, 'p99'), 2),
        showSummary(ms(run, 'p999'), 2),
        showSummary(ms(run, 'handlingP50'), 3),
        showSummary(ms(run, 'handlingP99'), 3),
        showSummary(ms(run, 'handlingP999'), 3),
        showSummary(ms(run, 'loadLateMsMax'), 1),
      ]),
    );

    const aboveFloor = latency.latency.map(({ p99 }, round) => p99 - latency['latency-floor'][round]!.p99);
    console.log(`p99 above the echo of the same round: ${showSummary(summarize(aboveFloor), 2)} ms`);

    const handlers = await interleave(rounds, HANDLERS, (handler) =>
      runVariant<HandlerLine>(`exchange-handler-${handler}`, {}),
    );
    const microseconds = (handler: (typeof HANDLERS)[number]) =>
      handlers[handler].map(({ microsecondsPerOrder }) => microsecondsPerOrder);
    console.log();
    printTable(
      ['without sockets, one process', 'us/order (cpu)', 'orders/s', 'time / engine'],
      HANDLERS.map((handler) => [
        HANDLER_NAMES[handler],
        showSummary(summarize(microseconds(handler)), 1),
        summarize(microseconds(handler).map((value) => 1e6 / value)).median.toFixed(0),
        showSummary(ratios(microseconds(handler), microseconds('engine')), 2),
      ]),
    );

    const ordersPerSecond = { bound: 'at least', unit: 'orders/s', digits: 0 } as const;
    printGoals([
      { what: 'REST (server cpu)', goal: 10_000, measured: perProcessor('rest').median, ...ordersPerSecond },
      {
        what: 'WebSocket API (server cpu)',
        goal: 40_000,
        measured: perProcessor('web-socket').median,
        ...ordersPerSecond,
      },
      {
        what: 'WebSocket API, p99 at 5000 orders/s',
        bound: 'at most',
        goal: 1,
        measured: ms('latency', 'p99').median,
        unit: 'ms',
      },
      {
        what: 'the same, in the hands of the server',
        bound: 'at most',
        goal: 1,
        measured: ms('latency', 'handlingP99').median,
        unit: 'ms',
      },
    ]);
  },
};
