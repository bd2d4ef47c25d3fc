import { connect, type Socket } from 'node:net';

const HANDSHAKE =
  'GET /ws-api/v3 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
const TEXT = 0x81;
const MASKED = 0x80;
const READ_BYTES = 64 * 1024;

/** Frames of texts one after the other, as a client sends them; `ends[i]` is where the i-th ends. */
export interface Frames {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/** Masked with zeros, which is as good as any mask and needs no work. */
export function framesOf(texts: readonly string[]): Frames {
  const ends: number[] = [];
  const parts: Buffer[] = [];
  let end = 0;
  for (const text of texts) {
    const payload = Buffer.from(text);
    const header = Buffer.from([TEXT, MASKED | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
    parts.push(header, payload);
    end += header.length + payload.length;
    ends.push(end);
  }
  return { bytes: Buffer.concat(parts), ends };
}

/**
 * A WebSocket by hand over TCP: a client library would take as long as the server. It sends frames that were made before, many in one
 * write, and reads nothing of an answer but its beginning.
 */
export class WebSocketConnection {
  private readonly socket: Socket;
  private readonly frames: Frames;
  private sent = 0;
  private owed = 0;
  private rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, frames: Frames) {
    this.socket = socket;
    this.frames = frames;
  }

  /**
   * All reads go to one buffer: a new one for each would be garbage by the megabyte, and what collects it keeps answers waiting that
   * the server has long given.
   * @param answered  called with each answer: a view of its bytes that is good for the moment only
   */
  static open(
    port: number,
    frames: Frames,
    answered: (payload: Buffer) => void,
  ): Promise<WebSocketConnection> {
    return new Promise((resolve, reject) => {
      let connection: WebSocketConnection | undefined;
      const callback = (length: number, buffer: Uint8Array): boolean => {
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
        if (connection !== undefined) connection.read(chunk, answered);
        else if (chunk.toString().startsWith('HTTP/1.1 101')) {
          connection = new WebSocketConnection(socket, frames);
          resolve(connection);
        } else reject(new Error(chunk.toString()));
        return true;
      };
      const onread = { buffer: Buffer.alloc(READ_BYTES), callback };
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
      socket.on('error', reject);
      socket.write(HANDSHAKE);
    });
  }

  /** How many frames are sent or about to be. */
  get promised(): number {
    return this.sent + this.owed;
  }

  /** Sends the next frames in one write. */
  send(count: number): void {
    const { bytes, ends } = this.frames;
    const from = this.sent === 0 ? 0 : ends[this.sent - 1]!;
    this.sent = Math.min(this.sent + count, ends.length);
    const to = this.sent === 0 ? 0 : ends[this.sent - 1]!;
    if (to > from) this.socket.write(bytes.subarray(from, to));
  }

  /** Sends one frame after this turn of the event loop, in one write with all others that were asked for in it. */
  sendSoon(): void {
    this.owed += 1;
    if (this.owed > 1) return;
    setImmediate(() => {
      const count = this.owed;
      this.owed = 0;
      this.send(count);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer, answered: (payload: Buffer) => void): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1]!;
      const start = at + (short === 126 ? 4 : 2);
      if (start > bytes.length) break;
      const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
      if (start + length > bytes.length) break;
      if (bytes[at] === TEXT) answered(bytes.subarray(start, start + length));
      at = start + length;
    }
    this.rest = Buffer.from(bytes.subarray(at));
  }
}
