import type { Timer } from '@tradewind/utils';
import type { OpenSocket } from '../open-sockets.ts';
import type { ServerSocket, SocketHandler } from '../wire.ts';
import type { FaultEngine } from './engine.ts';
import { errorReply, errorText } from './error-answers.ts';
import { Lane } from './lane.ts';
import { editMarketMessage, marketFacts } from './market-message.ts';
import { messageFate } from './message-fate.ts';
import type { RequestFate } from './request-fate.ts';
import { isEventText, sessionFacts, type WsRequest, wsRequest } from './ws-requests.ts';

/**
 * Stands between a WebSocket and the exchange, both ways: `outward` is what the exchange writes to, `handlerFor` makes what
 * the socket tells. Without faults everything passes as it is.
 */
export class SocketTap {
  readonly outward: ServerSocket;
  private readonly engine: FaultEngine;
  private readonly socket: ServerSocket;
  private readonly open: OpenSocket;
  private readonly isApi: boolean;
  private readonly address: string;
  private readonly lane: Lane<string>;
  private lifeEnd: Timer | undefined;
  private isMuted = false;
  private isClosed = false;
  /** Answers that come while a request is being carried out are that request's. */
  private answering: ((text: string) => void) | undefined;
  /** The key of a session that is logged on. */
  private sessionKey: string | undefined;
  private readonly subscriptions = new Set<number>();

  constructor(engine: FaultEngine, socket: ServerSocket, path: string, query: string) {
    this.engine = engine;
    this.socket = socket;
    this.isApi = path.startsWith('/ws-api');
    this.address = query === '' ? path : `${path}?${query}`;
    this.open = { path, socket };
    this.lane = new Lane(engine.ports.timers, (text) => socket.send(text));
    this.outward = {
      remoteAddress: socket.remoteAddress,
      send: (text) => this.send(text),
      ping: () => this.ping(),
      close: (code, reason) => socket.close(code, reason),
      cut: () => socket.cut(),
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
    };
  }

  /** Takes the socket into the list of the open ones, and out of it when it ends. */
  handlerFor(inner: SocketHandler): SocketHandler {
    const { ports } = this.engine;
    ports.sockets.add(this.open);
    this.limitLife();
    return {
      message: (text) => this.message(text, inner),
      pinged: () => inner.pinged(),
      ponged: () => inner.ponged(),
      closed: () => {
        this.isClosed = true;
        ports.sockets.remove(this.open);
        this.lifeEnd?.cancel();
        this.lane.close();
        inner.closed();
      },
    };
  }

  private limitLife(): void {
    const struck = this.engine.struckSocket('limit_socket_life', this.open.path);
    if (struck === undefined) return;
    const { fault, draw } = struck;
    this.lifeEnd = this.engine.ports.timers.after(draw(fault.ms), () => {
      if (fault.code === undefined) this.socket.cut();
      else this.socket.close(fault.code, '');
    });
  }

  private ping(): void {
    if (this.engine.struckSocket('withhold_pings', this.open.path) === undefined) this.socket.ping();
  }

  private send(text: string): void {
    if (this.answering !== undefined && !isEventText(text)) this.answering(text);
    else if (this.isApi) this.sendEvent(text);
    else this.sendMarket(text);
  }

  private sendEvent(text: string): void {
    if (!isEventText(text) || !this.isSilenced()) this.socket.send(text);
  }

  private sendMarket(text: string): void {
    const { engine } = this;
    if (!engine.concernsMessages && !engine.concernsSockets && !this.isMuted) {
      this.lane.pass({ item: text, isDropped: false, delayMs: 0, hold: undefined, copies: [] });
      return;
    }
    const facts = marketFacts(text, this.address);
    if (facts === undefined) {
      this.socket.send(text);
      return;
    }
    if (this.isSilenced()) return;
    const { exchange } = engine.ports;
    const struck = engine.struckMessage(facts);
    this.lane.pass(messageFate(struck, text, (item, edit) => editMarketMessage(item, edit, exchange)));
  }

  /** Whether subscriptions have silently gone, or just do. */
  private isSilenced(): boolean {
    if (this.isMuted) return true;
    const struck = this.engine.struckSocket('mute_socket', this.open.path);
    if (struck === undefined) return false;
    this.isMuted = true;
    if (struck.fault.announce === true && this.isApi) this.announceEnd();
    return true;
  }

  private announceEnd(): void {
    const event = { e: 'eventStreamTerminated', E: this.engine.ports.clock.nowMs() };
    for (const subscriptionId of this.subscriptions) {
      this.socket.send(JSON.stringify({ subscriptionId, event }));
    }
  }

  private message(text: string, inner: SocketHandler): void {
    // Who subscribes again hears again.
    if (this.isMuted && /subscribe/i.test(text)) this.isMuted = false;
    const isSession = text.includes('session.logon') || text.includes('userDataStream');
    if (!this.isApi || (!this.engine.concernsRequests && !isSession)) {
      inner.message(text);
      return;
    }
    const request = wsRequest(text);
    if (request === undefined) inner.message(text);
    else this.request(text, request, inner);
  }

  private request(text: string, request: WsRequest, inner: SocketHandler): void {
    const { engine } = this;
    const { timers, exchange } = engine.ports;
    const facts = sessionFacts(request, this.socket.remoteAddress, this.sessionKey, (apiKey) =>
      exchange.key(apiKey),
    );
    const fate = engine.fateOf(facts);
    if (fate.isLost) {
      this.socket.cut();
      return;
    }
    const proceed = (): void => {
      if (!this.isClosed) this.proceed(text, request, fate, inner, facts);
    };
    if (fate.delayRequestMs > 0) timers.after(fate.delayRequestMs, proceed);
    else proceed();
  }

  private proceed(
    text: string,
    request: WsRequest,
    fate: RequestFate,
    inner: SocketHandler,
    facts: ReturnType<typeof sessionFacts>,
  ): void {
    const { engine } = this;
    const { error } = fate;
    if (fate.isPlain) {
      this.answering = (answer) => {
        this.socket.send(answer);
        this.learn(request, answer);
      };
      engine.around(fate, facts, () => inner.message(text));
      this.answering = undefined;
      return;
    }
    const answers: string[] = [];
    if (error === undefined || error.isExecuted) {
      this.answering = (answer) => answers.push(answer);
      engine.around(fate, facts, () => inner.message(text));
      this.answering = undefined;
      for (const answer of answers) this.learn(request, answer);
    }
    if (error !== undefined) {
      const nowMs = engine.ports.clock.nowMs();
      const reply = errorReply(request.id, errorText(error.answer, error.retryAfterS, nowMs), nowMs);
      this.reply(reply, fate);
      return;
    }
    for (const answer of answers) this.reply(this.changed(answer, fate, facts), fate);
  }

  private changed(answer: string, fate: RequestFate, facts: ReturnType<typeof sessionFacts>): string {
    if (fate.changes.length === 0) return answer;
    const root = JSON.parse(answer);
    if (root.result === undefined) return answer;
    return JSON.stringify({ ...root, result: this.engine.changes.apply(fate, facts, root.result) });
  }

  private reply(answer: string, { delayAnswerMs, lostAnswer }: RequestFate): void {
    if (lostAnswer?.isSilent === true) return;
    const end = (): void => {
      if (this.isClosed) return;
      if (lostAnswer === undefined) this.socket.send(answer);
      else this.socket.cut();
    };
    if (delayAnswerMs > 0) this.engine.ports.timers.after(delayAnswerMs, end);
    else end();
  }

  /** Remembers whose session it is and what it is subscribed to. */
  private learn({ method, parameters }: WsRequest, answer: string): void {
    const root = JSON.parse(answer);
    if (root.status !== 200) return;
    if (method === 'session.logon') this.sessionKey = String(parameters.apiKey);
    if (method === 'session.logout') this.sessionKey = undefined;
    const id = root.result?.subscriptionId;
    if (typeof id === 'number') this.subscriptions.add(id);
  }
}
