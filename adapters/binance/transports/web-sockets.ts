import WebSocket from 'ws';
import type { HandshakeRefusal, Socket, SocketListener, SocketTransport } from '../ports.ts';
import { plainHeaders } from './plain-headers.ts';

/** WebSockets of the library `ws`, which answers pings by itself and tells of them. */
export class WebSockets implements SocketTransport {
  private readonly messageBytesMax: number;

  /** @param options.messageBytesMax  a longer message ends its socket; a depth snapshot of 5000 levels has about 0.5 MB */
  constructor(options: { readonly messageBytesMax?: number } = {}) {
    this.messageBytesMax = options.messageBytesMax ?? 32 * 1024 * 1024;
  }

  connect(url: string, listener: SocketListener): Socket {
    const socket = new WebSocket(url, {
      // Compression costs more than it saves on small messages, and holds memory per socket.
      perMessageDeflate: false,
      followRedirects: false,
      maxPayload: this.messageBytesMax,
    });
    let failure = '';
    let refusal: HandshakeRefusal | undefined;
    socket.on('open', () => listener.opened());
    socket.on('message', (data) => listener.message(bytesOf(data)));
    socket.on('ping', () => listener.pinged());
    // Always followed by `close`, which is what ends the socket; this is only why.
    socket.on('error', (error) => {
      failure ||= error.message;
    });
    socket.on('unexpected-response', (_request, { statusCode = 0, headers }) => {
      refusal = { status: statusCode, headers: plainHeaders(headers) };
      failure = `refused with status ${statusCode}`;
      socket.terminate();
    });
    socket.on('close', (code, reason) => listener.closed(code, reason.toString('utf8') || failure, refusal));
    return {
      send(text) {
        if (socket.readyState !== WebSocket.OPEN) return false;
        socket.send(text);
        return true;
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    };
  }
}

function bytesOf(data: WebSocket.RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data) : data;
}
