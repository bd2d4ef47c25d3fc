import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEADERS_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/**
 * Sends requests over keep-alive connections, each with one request on its way, as fast as answers come. By hand over TCP, because a
 * client library would take longer than the server; and it does not sleep between answers, because on a virtual machine waking it
 * would cost the server more than the order.
 * @param requests  whole HTTP requests, made before
 * @param counted  called when the first `warmUp` answers are there, and again with the last
 */
export async function loadOverHttp(
  port: number,
  connections: number,
  requests: readonly Buffer[],
  warmUp: number,
  counted: () => void,
): Promise<void> {
  let sent = 0;
  let answered = 0;
  const run = async (): Promise<void> => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        if (sent < requests.length) socket.write(requests[sent++]!);
        else resolve();
      };
      onAnswer(socket, (text) => {
        if (!text.startsWith('HTTP/1.1 200')) reject(new Error(`not accepted: ${text}`));
        answered += 1;
        if (answered === warmUp || answered === requests.length) counted();
        next();
      });
      socket.on('error', reject);
      next();
    });
    socket.destroy();
  };
  let isDone = false;
  const stayAwake = (): void => {
    if (!isDone) setImmediate(stayAwake);
  };
  stayAwake();
  await Promise.all(Array.from({ length: connections }, run));
  isDone = true;
}

/** Calls with each whole answer; there is never more than one on its way. */
function onAnswer(socket: Socket, answer: (text: string) => void): void {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const end = text.indexOf(HEADERS_END);
    if (end < 0) return;
    const length = Number(LENGTH.exec(text)?.[1]);
    if (text.length < end + HEADERS_END.length + length) return;
    const whole = text;
    text = '';
    answer(whole);
  });
}

export const httpRequest = (path: string, apiKey: string, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-MBX-APIKEY: ${apiKey}\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
