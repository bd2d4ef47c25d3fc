import type { ServerSocket, SocketHandler } from '../wire.ts';
import type { FaultEngine } from './engine.ts';
import { errorReply, errorText } from './error-answers.ts';
import type { RequestFacts } from './facts.ts';
import type { RequestFate } from './request-fate.ts';
import { Muting, type SocketTraffic } from './socket-tap.ts';
import { isEventText, sessionFacts, type WsRequest, wsRequest } from './ws-requests.ts';

/** The traffic of a socket of the WebSocket API: requests with their answers, and the events of its subscriptions. */
export class ApiTraffic implements SocketTraffic {
  private readonly engine: FaultEngine;
  private readonly socket: ServerSocket;
  private readonly muting: Muting;
  private isClosed = false;
  /** What comes while a request is being carried out, and is no event, is its answer. */
  private answering: ((text: string) => void) | undefined;
  /** The key of a session that is logged on. */
  private sessionKey: string | undefined;
  private readonly subscriptions = new Set<number>();

  constructor(engine: FaultEngine, socket: ServerSocket, path: string) {
    this.engine = engine;
    this.socket = socket;
    this.muting = new Muting(engine, path);
  }

  send(text: string): void {
    if (isEventText(text)) {
      if (!this.muting.isSilenced(() => this.announceEnd())) this.socket.send(text);
    } else if (this.answering !== undefined) this.answering(text);
    else this.socket.send(text);
  }

  message(text: string, inner: SocketHandler): void {
    this.muting.hear(text);
    const isOfSession = text.includes('session.log') || text.includes('userDataStream');
    const request = this.engine.concernsRequests || isOfSession ? wsRequest(text) : undefined;
    if (request === undefined) inner.message(text);
    else this.request(text, request, inner);
  }

  closed(): void {
    this.isClosed = true;
  }

  private request(text: string, request: WsRequest, inner: SocketHandler): void {
    const { engine, socket, sessionKey } = this;
    const { timers, exchange } = engine.ports;
    const facts = sessionFacts(request, socket.remoteAddress, sessionKey, (apiKey) => exchange.key(apiKey));
    const fate = engine.fateOf(facts);
    if (fate.isLost) {
      socket.cut();
      return;
    }
    const proceed = (): void => {
      if (!this.isClosed) this.proceed(text, request, facts, fate, inner);
    };
    if (fate.delayRequestMs > 0) timers.after(fate.delayRequestMs, proceed);
    else proceed();
  }

  private proceed(
    text: string,
    request: WsRequest,
    facts: RequestFacts,
    fate: RequestFate,
    inner: SocketHandler,
  ): void {
    const { error } = fate;
    if (error !== undefined && !error.isExecuted) {
      this.reply(this.errorReply(request.id, error), fate);
      return;
    }
    const answers: string[] = [];
    this.answering = (answer) => {
      this.learn(request, answer);
      // Where nothing happens to the answer, it keeps its place among the events.
      if (fate.isPlain) this.socket.send(answer);
      else answers.push(answer);
    };
    this.engine.around(fate, facts, () => inner.message(text));
    this.answering = undefined;
    if (error !== undefined) this.reply(this.errorReply(request.id, error), fate);
    else for (const answer of answers) this.reply(this.changed(answer, fate, facts), fate);
  }

  private errorReply(id: unknown, { answer, retryAfterS }: NonNullable<RequestFate['error']>): string {
    const nowMs = this.engine.ports.clock.nowMs();
    return errorReply(id, errorText(answer, retryAfterS, nowMs), nowMs);
  }

  private changed(answer: string, fate: RequestFate, facts: RequestFacts): string {
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

  /** Remembers whose session it is, and what it is subscribed to. */
  private learn({ method, parameters }: WsRequest, answer: string): void {
    if (!method.startsWith('session.') && !method.startsWith('userDataStream.')) return;
    const root = JSON.parse(answer);
    if (root.status !== 200) return;
    if (method === 'session.logon') this.sessionKey = String(parameters.apiKey);
    if (method === 'session.logout') this.sessionKey = undefined;
    const id: unknown = root.result?.subscriptionId;
    if (typeof id === 'number') this.subscriptions.add(id);
  }

  private announceEnd(): void {
    const event = { e: 'eventStreamTerminated', E: this.engine.ports.clock.nowMs() };
    for (const subscriptionId of this.subscriptions) {
      this.socket.send(JSON.stringify({ subscriptionId, event }));
    }
  }
}
