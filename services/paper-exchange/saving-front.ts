import type {
  Answerer,
  Front,
  ServerSocket,
  SocketHandler,
  Upgrade,
  WireRequest,
  WireResponse,
} from '@tradewind/exchange-simulator';
import type { AccountSaver } from './account-saver.ts';

/** An exchange of which nothing is heard before it is saved: answers and events wait, in their order. */
export class SavingFront implements Front {
  private readonly front: Front;
  private readonly saver: AccountSaver;

  constructor(front: Front, saver: AccountSaver) {
    this.front = front;
    this.saver = saver;
  }

  request(request: WireRequest, answerer: Answerer): void {
    const { saver } = this;
    const cut = (response: WireResponse, bytes: number): void => answerer.cut(response, bytes);
    this.front.request(request, {
      answer: (response) =>
        saver.pass(
          () => answerer.answer(response),
          () => cut(response, 0),
        ),
      cut,
    });
  }

  upgrade(request: WireRequest): Upgrade {
    const upgrade = this.front.upgrade(request);
    if (upgrade.kind === 'refused') return upgrade;
    return { kind: 'accepted', open: (socket): SocketHandler => upgrade.open(this.saving(socket)) };
  }

  private saving(socket: ServerSocket): ServerSocket {
    const { saver } = this;
    const pass = (deliver: () => void): void =>
      saver.pass(deliver, () => {
        socket.cut();
      });
    return {
      remoteAddress: socket.remoteAddress,
      send: (text) => pass(() => socket.send(text)),
      ping: () => socket.ping(),
      close: (code, reason) => pass(() => socket.close(code, reason)),
      cut: () => socket.cut(),
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
    };
  }
}
