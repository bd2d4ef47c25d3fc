import type { ServerSocket, SocketHandler } from '../wire.ts';
import type { FaultEngine } from './engine.ts';
import { Lane } from './lane.ts';
import { editMarketMessage, marketFacts } from './market-message.ts';
import { messageFate } from './message-fate.ts';
import { Muting, type SocketTraffic } from './socket-tap.ts';

/** Which stream the message is of that is being sent right now. */
export class StreamNow {
  name: string | undefined;

  /** To be given to the streams, which tell it of each message. */
  readonly intercept = (
    { stream, text }: { readonly stream: string | undefined; readonly text: string },
    send: (text: string) => void,
  ): void => {
    this.name = stream;
    send(text);
    this.name = undefined;
  };
}

/** The traffic of a socket of market streams. */
export class StreamTraffic implements SocketTraffic {
  private readonly engine: FaultEngine;
  private readonly socket: ServerSocket;
  private readonly now: StreamNow;
  private readonly lane: Lane<string>;
  private readonly muting: Muting;
  private isDisturbed = false;

  constructor(engine: FaultEngine, socket: ServerSocket, path: string, now: StreamNow) {
    this.engine = engine;
    this.socket = socket;
    this.now = now;
    this.lane = new Lane(engine.ports.timers, (text) => socket.send(text));
    this.muting = new Muting(engine, path);
  }

  send(text: string): void {
    const { engine } = this;
    const stream = this.now.name;
    // What is of no stream is the answer to a control message.
    if (stream === undefined) {
      this.socket.send(text);
      return;
    }
    if (this.muting.isSilenced(() => undefined)) return;
    if (!engine.concernsMessages && !this.isDisturbed) {
      this.socket.send(text);
      return;
    }
    // From now on all goes through the lane: what it still holds back waits for what comes after.
    this.isDisturbed = true;
    const struck = engine.concernsMessages ? engine.struckMessage(marketFacts(stream, text)) : [];
    const { exchange } = engine.ports;
    this.lane.pass(messageFate(struck, text, (item, edit) => editMarketMessage(item, edit, exchange)));
  }

  message(text: string, inner: SocketHandler): void {
    this.muting.hear(text);
    inner.message(text);
  }

  closed(): void {
    this.lane.close();
  }
}
