import { between, type HappeningKind } from './happening.ts';

export const BUS: readonly HappeningKind[] = [
  {
    name: 'bus_down',
    group: 'bus',
    rows: ['P9'],
    lastsMs: [1_000, 30_000],
    begin: ({ bus }) => {
      bus.isDown = true;
      return {
        text: 'nothing can be published',
        end: () => {
          bus.isDown = false;
        },
      };
    },
  },
  {
    name: 'bus_messages_lost',
    group: 'bus',
    rows: ['P9'],
    lastsMs: [1_000, 30_000],
    begin: ({ bus }, random) => {
      bus.loss = between(random, 5, 100) / 100;
      return {
        text: `${bus.loss} of them`,
        end: () => {
          bus.loss = 0;
        },
      };
    },
  },
  {
    name: 'bus_messages_twice',
    group: 'bus',
    rows: ['P10'],
    lastsMs: [1_000, 30_000],
    begin: ({ bus }, random) => {
      bus.redelivery = between(random, 5, 100) / 100;
      return {
        text: `${bus.redelivery} of them`,
        end: () => {
          bus.redelivery = 0;
        },
      };
    },
  },
];
