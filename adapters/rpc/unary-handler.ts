import { type DescMethodUnary, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalHandlerFn, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { bytesOf, OnePiece } from './pieces.ts';
import { PROTO } from './unary-calls.ts';

export type UnaryMethod = (
  message: MessageShape<DescMethodUnary['input']>,
) => Promise<MessageShape<DescMethodUnary['output']>>;

/** Whether nothing is asked for but what `unaryHandler` does: no other encoding, no deadline. */
export const isPlainCall = ({ method, header }: Parameters<UniversalHandlerFn>[0]): boolean =>
  method === 'POST' &&
  header.get('content-type') === PROTO &&
  !header.has('content-encoding') &&
  !header.has('connect-timeout-ms');

/** Answers as `unary-calls.ts` asks. */
export const unaryHandler =
  (method: DescMethodUnary, run: UnaryMethod, bytesMaximum: number): UniversalHandlerFn =>
  async ({ body, header }) => {
    try {
      const bytes = await bytesOf(body as AsyncIterable<Uint8Array>, bytesMaximum, header);
      const answer = await run(readMessage(method, bytes));
      return {
        status: 200,
        header: new Headers({ 'content-type': PROTO }),
        body: new OnePiece(toBinary(method.output, answer)),
      };
    } catch (error) {
      const { code, rawMessage, metadata } = ConnectError.from(error);
      return errorAnswer(code === Code.InvalidArgument ? 400 : 500, codeToString(code), rawMessage, metadata);
    }
  };

/** An error of Connect's own form. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  metadata: ConstructorParameters<typeof Headers>[0],
): UniversalServerResponse {
  const header = new Headers(metadata);
  header.set('content-type', 'application/json');
  return { status, header, body: new OnePiece(new TextEncoder().encode(JSON.stringify({ code, message }))) };
}

function readMessage(method: DescMethodUnary, bytes: Uint8Array): MessageShape<DescMethodUnary['input']> {
  try {
    return fromBinary(method.input, bytes);
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: the cause is the last argument of this error.
    throw new ConnectError(String(error), Code.InvalidArgument, undefined, undefined, error);
  }
}
