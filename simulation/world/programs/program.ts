import type { HttpTransport, SocketTransport } from '@tradewind/binance';
import type { Result } from '@tradewind/core/result';
import type { Ledger } from '@tradewind/proto';
import type { HaltFile } from '@tradewind/risk-manager';
import type { ServiceOutside, SystemSettings, VenueConnection } from '@tradewind/trading-system';
import type { Disk } from '../disk.ts';
import type { Peer } from '../peer.ts';
import type { Services } from '../services.ts';

/** Of a process, what can be another's: so a system can be broken on purpose (variants/) without a switch in it. */
export interface Replaceable {
  readonly http: HttpTransport;
  readonly sockets: SocketTransport;
  readonly ledger: Ledger;
  readonly haltFile: HaltFile;
  readonly settings: SystemSettings;
}

/** What a program finds when its process starts. */
export interface ProgramParts extends Replaceable {
  readonly outside: ServiceOutside;
  readonly process: Peer;
  readonly disk: Disk;
  /** To the exchange, not started yet. */
  readonly connection: VenueConnection;
}

/** A program that runs. */
export interface Running {
  /** What of the system is in this process. */
  readonly services: Partial<Services>;
  /** What a person who speaks to this process reaches; undefined where nobody does. */
  readonly operated: Services | undefined;
  stop(): Promise<void>;
}

/** @returns a sentence when it cannot start */
export type Program = (parts: ProgramParts) => Promise<Result<Running, string>>;
