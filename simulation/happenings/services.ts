import type { SeededRandom } from '@tradewind/utils';
import { GOOD_RPC, type RpcConditions } from '../world/rpc/conditions.ts';
import { RPC_LINKS, SERVICE_NAMES, type ServiceName } from '../world/services.ts';
import type { World } from '../world/world.ts';
import { type Begun, between, type HappeningKind, kindsOf, oneOf } from './happening.ts';

const rpc = kindsOf('rpc');
const redis = kindsOf('bus');

type RpcLink = (typeof RPC_LINKS)[number];

/** A change to how it is between two services; the good conditions are those at the end. */
function onOneLink(world: World, random: SeededRandom, change: (conditions: RpcConditions) => string): Begun {
  const [client, service] = oneOf(random, RPC_LINKS);
  const conditions = world.rpc.conditions(client, service);
  const text = change(conditions);
  return {
    text: `${client} to ${service}: ${text}`,
    end: () => void Object.assign(conditions, GOOD_RPC),
  };
}

function takeDown(world: World, links: readonly RpcLink[]): () => void {
  const all = links.map((link) => world.rpc.conditions(...link));
  for (const conditions of all) conditions.isDown = true;
  for (const link of links) world.rpc.silence(...link);
  return () => {
    for (const conditions of all) conditions.isDown = false;
  };
}

const linksOf = (name: ServiceName): readonly RpcLink[] =>
  RPC_LINKS.filter(([client, service]) => client === name || service === name);

/** What can happen between services that run apart, and to the Redis that they share. */
export const SERVICES: readonly HappeningKind[] = [
  rpc('rpc_down', ['K7', 'X4'], [500, 30_000], (world, random) => {
    const link = oneOf(random, RPC_LINKS);
    return { text: `nothing passes between ${link.join(' and ')}`, end: takeDown(world, [link]) };
  }),
  rpc('service_cut_off', ['K7', 'X4'], [500, 30_000], (world, random) => {
    const name = oneOf(random, SERVICE_NAMES);
    return { text: `${name} reaches no other service, and none it`, end: takeDown(world, linksOf(name)) };
  }),
  rpc('rpc_slow', ['X3', 'M8'], [1_000, 30_000], (world, random) =>
    onOneLink(world, random, (conditions) => {
      conditions.latencyMs = between(random, 10, 1_500);
      conditions.jitterMs = between(random, 10, 2_000);
      return `${conditions.latencyMs} to ${conditions.latencyMs + conditions.jitterMs} ms each way`;
    }),
  ),
  rpc('rpc_requests_lost', ['O1'], [1_000, 30_000], (world, random) =>
    onOneLink(world, random, (conditions) => {
      conditions.requestLoss = between(random, 5, 60) / 100;
      return `the connection breaks with ${conditions.requestLoss} of the requests`;
    }),
  ),
  rpc('rpc_answers_lost', ['O1'], [1_000, 30_000], (world, random) =>
    onOneLink(world, random, (conditions) => {
      conditions.answerLoss = between(random, 5, 60) / 100;
      return `the connection breaks before ${conditions.answerLoss} of the answers`;
    }),
  ),
  rpc('rpc_cut', ['R5'], [0, 0], (world, random) => {
    const link = oneOf(random, RPC_LINKS);
    world.rpc.cut(...link);
    return { text: `the connection between ${link.join(' and ')}` };
  }),
  rpc('rpc_half_open', ['X3'], [0, 0], (world, random) => {
    const link = oneOf(random, RPC_LINKS);
    world.rpc.silence(...link);
    return { text: `between ${link.join(' and ')} it stays open, and nothing comes` };
  }),
  rpc('all_killed', ['X1'], [0, 0], ({ supervisors }) => ({
    text: [...supervisors.values()].map((supervisor) => supervisor.kill()).join(', '),
  })),
  redis('redis_flushed', ['P9'], [0, 0], (world) => {
    world.redis.flush();
    return { text: 'streams and groups are gone' };
  }),
  redis('redis_cut', ['P9', 'P10'], [0, 0], (world) => {
    world.redis.cutConnections();
    return { text: 'all connections' };
  }),
  redis('redis_slow', ['P9', 'X2'], [1_000, 30_000], ({ bus }, random) => {
    bus.latencyMs = between(random, 10, 1_500);
    bus.jitterMs = between(random, 10, 1_500);
    return {
      text: `${bus.latencyMs} to ${bus.latencyMs + bus.jitterMs} ms each way`,
      end: () => void Object.assign(bus, { latencyMs: 0, jitterMs: 0 }),
    };
  }),
];
