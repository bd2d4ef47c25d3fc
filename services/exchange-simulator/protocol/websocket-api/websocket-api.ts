import { INVALID_TIME_UNIT, readTimeUnit, timeIn } from '../../notation/time-unit.ts';
import type { UserEvent, UserEventAudience } from '../../user-events/index.ts';
import type { ServerSocket, SocketHandler, WireResponse } from '../../wire.ts';
import { ParameterList, readForm } from '../parameters/parameter-list.ts';
import { refusedResponse } from '../refusal.ts';
import type { WebSocketApiServices } from '../services.ts';
import { Connection } from './connection.ts';
import { Hearers } from './hearers.ts';
import { Session } from './session.ts';

const CONNECT_WEIGHT = 2;

/** The WebSocket API: its connections, and the user data events that go out on them. Source: binance-spot.md section 10. */
export class WebSocketApi implements UserEventAudience {
  private readonly services: WebSocketApiServices;
  private readonly sessions = new Set<Session>();
  private readonly hearers = new Hearers();

  constructor(services: WebSocketApiServices) {
    this.services = services;
    services.limits.listenForBans((address) => this.closeAllFrom(address));
  }

  /**
   * Asked before the upgrade is answered: a refusal of the address (429, 418) or of the URL (400), or undefined.
   * @param query  what followed the question mark, undecoded: `timeUnit`, `returnRateLimits`
   */
  refuse(remoteAddress: string, query: string): WireResponse | undefined {
    const nowMs = this.services.clock.nowMs();
    const refused = this.services.limits.of(remoteAddress, nowMs).connect(CONNECT_WEIGHT, nowMs);
    if (refused !== undefined) return refusedResponse(refused, {}, nowMs);
    const sent = settingsOf(query).timeUnit;
    return sent === undefined || readTimeUnit(sent) !== undefined
      ? undefined
      : refusedResponse(INVALID_TIME_UNIT, {}, nowMs);
  }

  /** Takes over a socket that `refuse` let through. The socket's life of 24 h and its pings are its server's business. */
  open(socket: ServerSocket, query: string): SocketHandler {
    const settings = settingsOf(query);
    const unit = readTimeUnit(settings.timeUnit ?? '') ?? 'MILLISECOND';
    const nowMs = this.services.clock.nowMs();
    const session = new Session({
      socket,
      unit,
      returnsRateLimits: settings.returnRateLimits !== 'false',
      connectedSinceMs: nowMs,
      hearers: this.hearers,
    });
    this.sessions.add(session);
    return new Connection(this.services, session, () => this.sessions.delete(session));
  }

  /** Sends an event to every session that is subscribed to its account. */
  deliver(event: UserEvent): void {
    this.hearers.deliver(event);
  }

  isHeard(account: number): boolean {
    return this.hearers.isHeard(account);
  }

  /** Tells every session `serverShutdown`; the closing follows from whoever shuts down. */
  announceShutdown(): void {
    const nowMs = this.services.clock.nowMs();
    for (const session of this.sessions) {
      session.send(`{"event":{"e":"serverShutdown","E":${timeIn(session.unit, nowMs)}}}`);
    }
  }

  /** The sockets of a banned address are closed (binance-spot.md section 3.2). */
  private closeAllFrom(address: string): void {
    for (const session of [...this.sessions]) {
      if (session.socket.remoteAddress === address) session.close('banned');
    }
  }
}

function settingsOf(query: string): {
  timeUnit: string | undefined;
  returnRateLimits: string | undefined;
} {
  const list = readForm(query, '');
  if (!(list instanceof ParameterList)) return { timeUnit: undefined, returnRateLimits: undefined };
  return { timeUnit: list.peek('timeUnit'), returnRateLimits: list.peek('returnRateLimits') };
}
