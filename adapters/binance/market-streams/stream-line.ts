import type { Timer, Timers } from '@tradewind/utils';
import type { Connection, Connector, ConnectorListener, Gap, OpenGap } from '../sockets/index.ts';
import { ConnectionSubscriptions, type SubscriptionRefusal } from './connection-subscriptions.ts';

/** What a line tells about the streams on it. */
export interface LineListener {
  /** These are subscribed on at least one open connection from now on. */
  up(names: readonly string[]): void;
  /** These are on no open connection any more: what the venue says now is lost. */
  down(names: readonly string[]): void;
  refused(names: readonly string[], refusal: SubscriptionRefusal): void;
  message(line: StreamLine, connection: Connection, bytes: Uint8Array): void;
}

/**
 * One combined connection to the venue, as far as its streams are concerned: what is wanted is subscribed on every connection
 * that the connector opens, and a connection counts as ready when the venue's own list of subscriptions says so too.
 */
export class StreamLine implements ConnectorListener {
  private readonly timers: Timers;
  private readonly listener: LineListener;
  private readonly connector: Connector;
  private readonly wanted = new Set<string>();
  private readonly isUp = new Set<string>();
  /** The open connections, oldest first: two while one replaces the other. */
  private readonly connections = new Map<Connection, ConnectionSubscriptions>();
  private verification: Timer | undefined;

  constructor(connect: (listener: ConnectorListener) => Connector, timers: Timers, listener: LineListener) {
    this.timers = timers;
    this.listener = listener;
    this.connector = connect(this);
  }

  get size(): number {
    return this.wanted.size;
  }

  has(name: string): boolean {
    return this.wanted.has(name);
  }

  /** Begins to connect; does nothing when already begun. */
  start(): void {
    if (this.verification !== undefined) return;
    this.connector.start();
    this.verifyLater();
  }

  stop(): void {
    this.verification?.cancel();
    this.connector.stop();
  }

  add(names: readonly string[]): void {
    for (const name of names) this.wanted.add(name);
    for (const subscriptions of this.connections.values()) subscriptions.subscribe(names);
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.wanted.delete(name);
    for (const subscriptions of this.connections.values()) subscriptions.unsubscribe(names);
  }

  /** Takes them off and asks for them again, for a stream that has fallen silent. */
  renew(names: readonly string[]): void {
    for (const subscriptions of this.connections.values()) {
      subscriptions.unsubscribe(names);
      subscriptions.subscribe(names);
    }
  }

  /** Everything on it has fallen silent: another connection may know more. */
  replace(reason: string): void {
    this.connector.current?.abandon(reason);
  }

  /** @returns false when the message answers nothing that was asked on the connection */
  takeReply(connection: Connection, message: unknown): boolean {
    return this.connections.get(connection)?.takeReply(message) ?? false;
  }

  opened(connection: Connection): void {
    const subscriptions = new ConnectionSubscriptions(connection, this.timers, {
      confirmed: (names) => this.confirmed(names),
      lost: (names) => this.lost(names),
      refused: (names, refusal) => this.listener.refused(names, refusal),
      verified: () => connection.ready(),
    });
    this.connections.set(connection, subscriptions);
    if (this.wanted.size === 0) subscriptions.verify();
    else subscriptions.subscribe([...this.wanted]);
  }

  message(connection: Connection, bytes: Uint8Array): void {
    this.listener.message(this, connection, bytes);
  }

  closed(connection: Connection): void {
    const subscriptions = this.connections.get(connection);
    this.connections.delete(connection);
    if (subscriptions !== undefined) this.lost(subscriptions.end());
  }

  // Which streams are up follows from the connections that are open, gap or not.
  gapBegan(_gap: OpenGap): void {}
  gapEnded(_gap: Gap): void {}

  quiet(connection: Connection): void {
    this.connections.get(connection)?.verify();
  }

  private confirmed(names: readonly string[]): void {
    const risen = names.filter((name) => this.wanted.has(name) && !this.isUp.has(name));
    for (const name of risen) this.isUp.add(name);
    if (risen.length > 0) this.listener.up(risen);
  }

  private lost(names: readonly string[]): void {
    const all = [...this.connections.values()];
    const fallen = names.filter((name) => this.isUp.has(name) && !all.some((one) => one.has(name)));
    for (const name of fallen) this.isUp.delete(name);
    if (fallen.length > 0) this.listener.down(fallen);
  }

  private verifyLater(): void {
    this.verification = this.timers.after(VERIFY_EVERY_MS, () => {
      for (const subscriptions of this.connections.values()) subscriptions.verify();
      this.verifyLater();
    });
  }
}

const VERIFY_EVERY_MS = 300_000;
