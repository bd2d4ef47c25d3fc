import { INVALID_TIME_UNIT, readTimeUnit, timeIn } from '../../notation/time-unit.ts';
import type { UserEvent, UserEventAudience } from '../../user-events/index.ts';
import type { ServerSocket, SocketHandler, WireResponse } from '../../wire.ts';
import type { WebSocketApiHandler } from '../handlers.ts';
import { ParameterList, readForm } from '../parameters/parameter-list.ts';
import { type Refusal, refusalBody } from '../refusal.ts';
import type { WebSocketApiServices } from '../services.ts';
import { Connection } from './connection.ts';
import { Hearers } from './hearers.ts';
import { Session } from './session.ts';

const CONNECT_WEIGHT = 2;

/** The WebSocket API: its connections, and the user data events that go out on them. Source: binance-spot.md section 10. */
export class WebSocketApi implements WebSocketApiHandler, UserEventAudience {
  private readonly services: WebSocketApiServices;
  private readonly sessions = new Set<Session>();
  private readonly hearers = new Hearers();

  constructor(services: WebSocketApiServices) {
    this.services = services;
    services.limits.listenForBans((address) => this.closeAllFrom(address));
  }

  refuse(remoteAddress: string, query: string): WireResponse | undefined {
    const nowMs = this.services.clock.nowMs();
    const refused = this.services.limits.of(remoteAddress, nowMs).connect(CONNECT_WEIGHT, nowMs);
    if (refused !== undefined) return upgradeRefusal(refused, nowMs);
    const sent = settingsOf(query).timeUnit;
    return sent === undefined || readTimeUnit(sent) !== undefined
      ? undefined
      : upgradeRefusal(INVALID_TIME_UNIT, nowMs);
  }

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

  deliver(event: UserEvent): void {
    this.hearers.deliver(event);
  }

  isHeard(account: number): boolean {
    return this.hearers.isHeard(account);
  }

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

function upgradeRefusal(refusal: Refusal, nowMs: number): WireResponse {
  const headers: Record<string, string> = { 'content-type': 'application/json;charset=UTF-8' };
  if (refusal.retryAtMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil((refusal.retryAtMs - nowMs) / 1000)));
  }
  return { status: refusal.status, headers, body: refusalBody(refusal) };
}
