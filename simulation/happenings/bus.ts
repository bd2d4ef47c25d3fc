import { between, type HappeningKind, kindsOf } from './happening.ts';

const busKind = kindsOf('bus');

export const BUS: readonly HappeningKind[] = [
  busKind('bus_down', ['P9'], [1_000, 30_000], ({ bus }) => {
    bus.isDown = true;
    return {
      text: 'nothing can be published',
      end: () => {
        bus.isDown = false;
      },
    };
  }),
  busKind('bus_messages_lost', ['P9'], [1_000, 30_000], ({ bus }, random) => {
    bus.loss = between(random, 5, 100) / 100;
    return {
      text: `${bus.loss} of them`,
      end: () => {
        bus.loss = 0;
      },
    };
  }),
  busKind('bus_messages_twice', ['P10'], [1_000, 30_000], ({ bus }, random) => {
    bus.redelivery = between(random, 5, 100) / 100;
    return {
      text: `${bus.redelivery} of them`,
      end: () => {
        bus.redelivery = 0;
      },
    };
  }),
];
