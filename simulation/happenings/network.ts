import { GOOD_NETWORK } from '../world/network.ts';
import { between, type HappeningKind, kindsOf } from './happening.ts';

const network = kindsOf('network');

export const NETWORK: readonly HappeningKind[] = [
  network('lost_requests', ['O1', 'O10'], [1_000, 30_000], ({ network: conditions }, random) => {
    const rate = between(random, 5, 60) / 100;
    conditions.requestLoss = rate;
    return {
      text: `${rate} of all requests`,
      end: () => {
        conditions.requestLoss = 0;
      },
    };
  }),
  network('lost_answers', ['O1', 'O4', 'O10', 'U7'], [1_000, 30_000], ({ network: conditions }, random) => {
    const rate = between(random, 5, 60) / 100;
    conditions.answerLoss = rate;
    return {
      text: `${rate} of all answers`,
      end: () => {
        conditions.answerLoss = 0;
      },
    };
  }),
  network('truncated_answers', ['O2'], [1_000, 20_000], ({ network: conditions }, random) => {
    const rate = between(random, 5, 50) / 100;
    conditions.truncation = rate;
    return {
      text: `${rate} of all answers`,
      end: () => {
        conditions.truncation = 0;
      },
    };
  }),
  network('slow_network', ['O1', 'O3', 'U6', 'M8'], [2_000, 30_000], ({ network: conditions }, random) => {
    conditions.latencyMs = between(random, 20, 3_000);
    conditions.jitterMs = between(random, 10, 4_000);
    return {
      text: `${conditions.latencyMs} to ${conditions.latencyMs + conditions.jitterMs} ms each way`,
      end: () =>
        Object.assign(conditions, { latencyMs: GOOD_NETWORK.latencyMs, jitterMs: GOOD_NETWORK.jitterMs }),
    };
  }),
  network('network_down', ['O1', 'U2', 'R5', 'K7'], [500, 40_000], (world) => {
    world.network.isDown = true;
    for (const { network: each } of world.processes) each.silenceSockets();
    return {
      text: 'nothing passes',
      end: () => {
        world.network.isDown = false;
      },
    };
  }),
  network('cut_sockets', ['U2', 'U8', 'M1'], [0, 0], (world) => {
    for (const { network: each } of world.processes) each.cutSockets();
    return { text: 'all of them' };
  }),
  network('half_open_sockets', ['U1', 'U3', 'M4'], [0, 0], (world) => {
    for (const { network: each } of world.processes) each.silenceSockets();
    return { text: 'they stay open, and nothing comes' };
  }),
];
