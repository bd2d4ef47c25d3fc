import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Front } from '../front.ts';
import type { ServerSocket } from '../wire.ts';
import { rawText, wireRequestOf } from './http-exchange.ts';

/** A subscription to 1024 streams is far shorter; a longer frame ends the connection with code 1009. */
const FRAME_BYTES_MAX = 1 << 20;
/** Who leaves more than this unread is cut off: a stream that nobody reads must not fill the memory. */
const UNREAD_BYTES_MAX = 32 << 20;

/** The WebSocket side of the server: handshakes in, handlers of the exchange behind each socket. */
export class WebSockets {
  private readonly server = new WebSocketServer({
    noServer: true,
    // Market data is small and urgent; compressing it costs more than the bytes.
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
  });
  private readonly front: Front;

  constructor(front: Front) {
    this.front = front;
  }

  upgrade(incoming: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Until there is a WebSocket nobody else listens, and an unheard error ends the process.
    stream.on('error', () => stream.destroy());
    const upgrade = this.front.upgrade(wireRequestOf(incoming, ''));
    if (upgrade.kind === 'refused') {
      stream.end(
        rawText({ ...upgrade.response, headers: { ...upgrade.response.headers, connection: 'close' } }),
      );
      return;
    }
    const remoteAddress = incoming.socket.remoteAddress ?? '';
    this.server.handleUpgrade(incoming, stream, head, (socket) => {
      const handler = upgrade.open(serverSocket(socket, stream, remoteAddress));
      socket.on('message', (data: RawData) => handler.message(data.toString()));
      socket.on('ping', () => handler.pinged());
      socket.on('pong', () => handler.ponged());
      socket.on('close', () => handler.closed());
      // What is wrong with the other side's frames is followed by 'close'.
      socket.on('error', () => undefined);
    });
  }

  /** Says good-bye to everybody, and after a while cuts who has not answered. */
  async closeAll(reason: string): Promise<void> {
    const isGone = [...this.server.clients].map((socket) => {
      const isClosed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.close(GOING_AWAY, reason);
      return isClosed;
    });
    const cutting = setTimeout(() => {
      for (const socket of this.server.clients) socket.terminate();
    }, GOODBYE_MS);
    await Promise.all(isGone);
    clearTimeout(cutting);
  }
}

/** How long a closing handshake may take when the server stops. */
const GOODBYE_MS = 500;
const GOING_AWAY = 1001;

function serverSocket(socket: WebSocket, stream: Duplex, remoteAddress: string): ServerSocket {
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  return {
    remoteAddress,
    send(text) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > UNREAD_BYTES_MAX) {
        socket.terminate();
        return;
      }
      // What is sent in one turn of the event loop leaves in one write: about a sixth less time per message.
      if (!isCorked) {
        isCorked = true;
        stream.cork();
        process.nextTick(uncork);
      }
      stream.write(textFrame(text));
    },
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
  };
}

const FINAL_TEXT = 0x81;
/** What stands for a length of two bytes, or of eight. */
const IN_2_BYTES = 126;
const IN_8_BYTES = 127;

/**
 * A text as one frame, as a server sends it: whole and not masked (RFC 6455, section 5.2). The package would make a header for each
 * text and write the two one by one.
 */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = headerLengthOf(length);
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FINAL_TEXT;
  if (length < IN_2_BYTES) frame[1] = length;
  else if (length <= 0xffff) {
    frame[1] = IN_2_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}

function headerLengthOf(length: number): number {
  if (length < IN_2_BYTES) return 2;
  return length <= 0xffff ? 4 : 10;
}
