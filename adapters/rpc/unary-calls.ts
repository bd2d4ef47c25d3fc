import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport, type UnaryResponse } from '@connectrpc/connect';
import type { UniversalClientFn } from '@connectrpc/connect/protocol';
import { codeFromString } from '@connectrpc/connect/protocol-connect';
import { bytesOf, OnePiece } from './pieces.ts';

export interface UnaryCallsOptions {
  /** `http://host:port` */
  readonly authority: string;
  readonly request: UniversalClientFn;
  /** Of every request, beside what the protocol needs. */
  readonly header: Readonly<Record<string, string>>;
  readonly bytesMaximum: number;
}

export const PROTO = 'application/proto';
/** Of every answer that is no error. */
export const PLAIN_HEADER = new Headers({ 'content-type': PROTO });

/**
 * Calls with one request and one answer, as Connect writes them (connectrpc.com/docs/protocol, "Unary-RPCs"): the message is the body,
 * and an error is JSON. Without interceptors, compression and deadlines, which nobody uses here, a call takes a quarter of the
 * processor's time that Connect's own client needs.
 */
export function unaryCalls({
  authority,
  request,
  header,
  bytesMaximum,
}: UnaryCallsOptions): Transport['unary'] {
  const headers = new Headers({ ...header, 'content-type': PROTO, 'connect-protocol-version': '1' });
  return async <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    _timeoutMs: number | undefined,
    _header: ConstructorParameters<typeof Headers>[0],
    input: MessageInitShape<I>,
  ): Promise<UnaryResponse<I, O>> => {
    const { parent: service } = method;
    const response = await request({
      url: `${authority}/${service.typeName}/${method.name}`,
      method: 'POST',
      header: headers,
      body: new OnePiece(toBinary(method.input, create(method.input, input))),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = await bytesOf(response.body, bytesMaximum, response.header);
    const { header: answered, status, trailer } = response;
    if (status !== 200) throw errorOf(status, answered, bytes);
    const type = answered.get('content-type');
    if (type !== PROTO) throw new ConnectError(`an answer of type ${type}`, Code.Unknown);
    return {
      stream: false,
      service,
      method,
      header: answered,
      trailer,
      message: fromBinary(method.output, bytes),
    };
  };
}

/** What is no error of Connect's form says nothing but its status. */
function errorOf(status: number, header: Headers, bytes: Uint8Array): ConnectError {
  let said: { readonly code?: unknown; readonly message?: unknown } = {};
  try {
    said = (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as typeof said;
  } catch {
    // Left empty.
  }
  const code = typeof said.code === 'string' ? codeFromString(said.code) : undefined;
  const message = typeof said.message === 'string' ? said.message : `HTTP ${status}`;
  return new ConnectError(message, code ?? Code.Unknown, header);
}
