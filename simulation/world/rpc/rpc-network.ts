import type { HandlerOptions, OpenSession } from '@tradewind/rpc';
import { rpcHandler } from '@tradewind/rpc';
import type { Random, Timers } from '@tradewind/utils';
import type { Lifeline } from '../lifeline.ts';
import type { Peer } from '../peer.ts';
import { RPC_LINKS, type ServiceName } from '../services.ts';
import { GOOD_RPC, type RpcConditions } from './conditions.ts';
import { RpcSession, type Served } from './rpc-session.ts';

/** What the services share. */
export const TOKEN = 'the services of this world';

/**
 * The network between the services. What calls and answers are made of is the product's: its clients, its connections with their signs of
 * life, Connect's protocol, the token, the routes and the codecs. Below that there are messages instead of HTTP/2.
 */
export class RpcNetwork {
  private readonly time: Timers;
  private readonly random: Random;
  private readonly links: ReadonlyMap<string, RpcConditions>;
  private readonly listening = new Map<ServiceName, readonly Served[]>();
  private readonly sessions = new Map<RpcSession, string>();

  constructor(time: Timers, random: Random) {
    this.time = time;
    this.random = random;
    this.links = new Map(RPC_LINKS.map((link) => [nameOf(...link), { ...GOOD_RPC }]));
  }

  conditions(client: ServiceName, service: ServiceName): RpcConditions {
    return this.links.get(nameOf(client, service))!;
  }

  /** Of several that listen as one service the latest is found. @returns what ends it in order */
  listen(service: ServiceName, process: Peer, options: HandlerOptions): () => void {
    const served: Served = { process, handle: rpcHandler(options) };
    this.listening.set(service, [...this.listenersOf(service), served]);
    return () => {
      this.listening.set(
        service,
        this.listenersOf(service).filter((each) => each !== served),
      );
      for (const session of this.sessionsOf(process.lifeline)) session.goAway();
    };
  }

  /** How the process of a service reaches another, of which the name stands for the host. */
  readonly openSessionOf =
    (client: ServiceName, process: Peer): OpenSession =>
    ({ host }, listener) => {
      const link = nameOf(client, host as ServiceName);
      const { time, random } = this;
      const session: RpcSession = new RpcSession({
        time,
        random,
        conditions: this.links.get(link)!,
        lifeline: process.lifeline,
        listener,
        find: () => this.listenersOf(host as ServiceName).at(-1),
        heard: (from) => process.network.heardOfMarketBy(from.process.network),
        ended: () => this.sessions.delete(session),
      });
      this.sessions.set(session, link);
      return session;
    };

  /** As the operating system does when a process dies: its connections break. */
  breakAllOf(lifeline: Lifeline): void {
    for (const session of this.sessionsOf(lifeline)) {
      session.cut();
      this.sessions.delete(session);
    }
  }

  /** Both services learn of it. */
  cut(client: ServiceName, service: ServiceName): void {
    for (const [session, link] of [...this.sessions]) if (link === nameOf(client, service)) session.cut();
  }

  /** The connections stay open, and nothing comes. */
  silence(client: ServiceName, service: ServiceName): void {
    for (const [session, link] of this.sessions) if (link === nameOf(client, service)) session.silence();
  }

  private listenersOf(service: ServiceName): readonly Served[] {
    return (this.listening.get(service) ?? []).filter(({ process: { lifeline } }) => lifeline.isAlive);
  }

  private sessionsOf(lifeline: Lifeline): readonly RpcSession[] {
    return [...this.sessions.keys()].filter((session) => session.isOf(lifeline));
  }
}

const nameOf = (client: ServiceName, service: ServiceName): string => `${client} ${service}`;
