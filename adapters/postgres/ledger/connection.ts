import { Socket } from 'node:net';
import type { Timers } from '@tradewind/utils';
import pg from 'pg';

/** Where the database is: an address as `postgres://user@host:5432/name?sslmode=require`, or the socket of a server of ours. */
export type DatabaseAddress = { readonly url: string } | SocketAddress;
export interface SocketAddress {
  readonly socketFolder: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface ConnectionOptions {
  readonly address: DatabaseAddress;
  readonly timers: Timers;
  /** For one statement, and for connecting. What takes longer is given up, and its connection with it. */
  readonly limitMs: number;
}

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Given to a statement that is often sent: the server then keeps it prepared. */
  readonly name?: string;
  /** Instead of that of the connection, for what may take long; the server has its own (`statement_timeout`). */
  readonly limitMs?: number;
}

export type Answer<Row> =
  | { readonly kind: 'done'; readonly rows: readonly Row[] }
  /** The database refused it, and has undone what it did. `code` is PostgreSQL's (SQLSTATE). */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string }
  /** It was never sent. */
  | { readonly kind: 'not_sent'; readonly detail: string }
  /** The connection ended before the answer came: nobody knows. */
  | { readonly kind: 'lost'; readonly detail: string };

/** One connection, made when it is needed and made anew after it was lost. Statements go one after the other. */
export class Connection {
  private readonly options: ConnectionOptions;
  private current: Promise<Opened> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  query<Row extends object>(statement: Statement): Promise<Answer<Row>> {
    const answer = this.last.then(() => this.send<Row>(statement));
    this.last = answer;
    return answer;
  }

  /** Does not reject. */
  private async send<Row extends object>(statement: Statement): Promise<Answer<Row>> {
    this.current ??= this.open();
    const opened = await this.current;
    if (opened.kind === 'failed') {
      this.current = undefined;
      return { kind: 'not_sent', detail: opened.detail };
    }
    const { client, socket } = opened;
    const { limitMs, values = [], ...sent } = statement;
    const query = client.query<Row>({ ...sent, values: [...values] });
    const answer = await this.limited(query, socket, limitMs).then(
      ({ rows }): Answer<Row> => ({ kind: 'done', rows }),
      answerOfError,
    );
    // A connection that has lost one is of no more use.
    if (answer.kind === 'lost' || answer.kind === 'not_sent') this.drop(opened);
    return answer;
  }

  async close(): Promise<void> {
    const opened = await this.current;
    this.current = undefined;
    if (opened?.kind === 'open')
      await this.limited(opened.client.end(), opened.socket).catch(() => undefined);
  }

  private async open(): Promise<Opened> {
    const { address, limitMs } = this.options;
    const socket = new Socket();
    const client = new pg.Client({
      ...('url' in address
        ? { connectionString: address.url }
        : { host: address.socketFolder, port: address.port, user: address.user, database: address.database }),
      stream: () => socket,
      statement_timeout: limitMs,
      application_name: 'tradewind',
    });
    const opened: Opened = { kind: 'open', client, socket };
    client.on('error', () => this.drop(opened));
    client.on('end', () => this.drop(opened));
    return await this.limited(client.connect(), socket).then(
      () => opened,
      (error: unknown) => {
        socket.destroy();
        return { kind: 'failed', detail: wordsOf(error) };
      },
    );
  }

  private drop(opened: Opened & { readonly kind: 'open' }): void {
    opened.socket.destroy();
    void this.current?.then((current) => {
      if (current === opened) this.current = undefined;
    });
  }

  /** Ends the connection, and so the wait, when the time is over. */
  private async limited<T>(
    wait: Promise<T>,
    socket: Socket,
    limitMs: number = this.options.limitMs,
  ): Promise<T> {
    const { timers } = this.options;
    const late = Promise.withResolvers<never>();
    const timer = timers.after(limitMs, () => {
      late.reject(new Error(`no answer within ${limitMs} ms`));
      socket.destroy();
    });
    try {
      return await Promise.race([wait, late.promise]);
    } finally {
      timer.cancel();
      // The one that lost the race may still fail; nobody waits for it any more.
      wait.catch(() => undefined);
    }
  }
}

type Opened =
  | { readonly kind: 'open'; readonly client: pg.Client; readonly socket: Socket }
  | { readonly kind: 'failed'; readonly detail: string };

/** What ends a session (class 57P) or comes as FATAL may come after a commit, so it proves nothing. */
function answerOfError(error: unknown): Answer<never> {
  const detail = wordsOf(error);
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return { kind: 'lost', detail };
  const { code, severity } = error;
  if (severity === 'FATAL' || severity === 'PANIC' || code.startsWith('57P')) return { kind: 'lost', detail };
  return { kind: 'rejected', code, detail: `${detail} (${code})` };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
