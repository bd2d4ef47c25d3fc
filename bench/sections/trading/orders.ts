import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import type { OrdersLine } from '../../variants/trading/orders.ts';
import type { Section } from '../section.ts';
import { sized } from './size.ts';

const ORDERS = { result: 500 * 120, look: 500 * 10 };

export const orders: Section = {
  title: () => 'trading: 500 orders a second for two minutes, half of them filled, compared one by one',

  async run(sizes) {
    const bars = sized(sizes, ORDERS);
    const line = await runVariant<OrdersLine>('trading-orders', { bars });
    printTable(
      [
        'orders',
        'ticks',
        'intents',
        'taken',
        'ended',
        'too late',
        'lost',
        'double',
        'unknown',
        'in doubt at stop, after a start',
        'fills alike',
      ],
      [
        [
          `${line.perSecond}/s for ${line.seconds.toFixed(0)} s`,
          ...[line.ticks, line.intents, line.taken, line.ended, line.tooLate, line.lost].map(String),
          String(line.taken - line.takenOnce),
          String(line.unknown),
          `${line.inDoubtAtStop}, ${line.inDoubt}`,
          line.isBookedAlike ? 'yes' : 'NO',
        ],
      ],
    );
    console.log(
      `${line.cpuMicroseconds.toFixed(0)} µs of processor time an order; answered after ${line.toAnswer.p50.toFixed(0)} ms (p50), ${line.toAnswer.p99.toFixed(0)} ms (p99)\n`,
    );
    const refused = Object.entries(line.refused).map(([reason, count]) => `${count} ${reason}`);
    if (refused.length > 0) console.log(`refused: ${refused.join(', ')}\n`);
    printGoals([
      {
        what: 'orders a second, all in the ledger',
        bound: 'at least',
        goal: 495,
        measured: line.ended / line.seconds,
        unit: '/s',
        digits: 0,
      },
      {
        what: 'lost, double, unknown, in doubt',
        bound: 'at most',
        goal: 0,
        measured: line.lost + line.taken - line.takenOnce + line.unknown + line.inDoubt,
        unit: 'orders',
        digits: 0,
      },
    ]);
  },
};
