import { type DescMethodUnary, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalHandlerFn } from '@connectrpc/connect/protocol';
import { codeToString } from '@connectrpc/connect/protocol-connect';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { bytesOf, OnePiece } from './pieces.ts';
import { PLAIN_HEADER, PROTO } from './unary-calls.ts';

export type UnaryMethod = (
  message: MessageShape<DescMethodUnary['input']>,
) => Promise<MessageShape<DescMethodUnary['output']>>;

/** Whether nothing is asked for but what `answerRequest` does: no other encoding, no deadline. */
export const isPlainCall = ({ method, header }: Parameters<UniversalHandlerFn>[0]): boolean =>
  method === 'POST' &&
  header.get('content-type') === PROTO &&
  !header.has('content-encoding') &&
  !header.has('connect-timeout-ms');

export interface UnaryAnswer {
  readonly status: number;
  readonly header: Headers;
  readonly body: OnePiece;
}
/** Carries out a call, of which this is the message. Does not reject. */
export type AnswerMessage = (bytes: Uint8Array) => Promise<UnaryAnswer>;

/** Answers as `unary-calls.ts` asks. */
export const messageAnswerer =
  (method: DescMethodUnary, run: UnaryMethod): AnswerMessage =>
  async (bytes) => {
    try {
      const answer = await run(readMessage(method, bytes));
      return { status: 200, header: PLAIN_HEADER, body: new OnePiece(toBinary(method.output, answer)) };
    } catch (error) {
      return failureAnswer(error);
    }
  };

/** The same of a request whose message is still to be read. */
export async function answerRequest(
  answer: AnswerMessage,
  { body, header }: Parameters<UniversalHandlerFn>[0],
): Promise<UnaryAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await bytesOf(body as AsyncIterable<Uint8Array>, MESSAGE_BYTES_MAX, header);
  } catch (error) {
    return failureAnswer(error);
  }
  return answer(bytes);
}

function failureAnswer(error: unknown): UnaryAnswer {
  const { code, rawMessage, metadata } = ConnectError.from(error);
  return errorAnswer(code === Code.InvalidArgument ? 400 : 500, codeToString(code), rawMessage, metadata);
}

/** An error of Connect's own form. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  metadata: ConstructorParameters<typeof Headers>[0],
): UnaryAnswer {
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
