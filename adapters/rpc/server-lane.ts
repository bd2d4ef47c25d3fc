import type { ServerHttp2Stream } from 'node:http2';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { type RpcService, refusal } from './handler.ts';
import { answerHeadText, FrameReader, frameBytes, LANE_IS_FULL, type LaneFrame } from './lane-frames.ts';
import { errorAnswer, type UnaryAnswer } from './unary-handler.ts';

/** Calls of one lane that are under way. A client of ours asks for fewer; those that it waits for no longer count here, until they end. */
const UNDERWAY_MAX = 256;

/** Of a call that was carried out. */
const TOO_LONG = errorAnswer(
  500,
  'resource_exhausted',
  `the answer is longer than ${MESSAGE_BYTES_MAX} bytes`,
  {},
);

const frameOf = (number: number, answer: UnaryAnswer): Buffer =>
  frameBytes({ number, head: answerHeadText(answer), body: answer.body.bytes });

/** Answers every call on a stream, in the order in which the answers are ready, until the client ends it. */
export function serveLane(stream: ServerHttp2Stream, answerCall: RpcService['answer']): void {
  const reader = new FrameReader(MESSAGE_BYTES_MAX);
  let underway = 0;
  let hasEnded = false;
  const endIfIdle = (): void => {
    if (hasEnded && underway === 0) stream.end();
  };
  const answer = async ({ number, head: path, body }: LaneFrame): Promise<void> => {
    underway += 1;
    const said =
      underway > UNDERWAY_MAX
        ? refusal(LANE_IS_FULL, 'resource_exhausted', `${UNDERWAY_MAX} calls are under way`)
        : await answerCall(path, body);
    underway -= 1;
    if (stream.destroyed) return;
    const frame = frameOf(number, said);
    // The client would end the lane, and with it all other calls.
    stream.write(frame.length > MESSAGE_BYTES_MAX ? frameOf(number, TOO_LONG) : frame);
    endIfIdle();
  };
  stream.on('error', () => undefined);
  stream.on('data', (piece: Buffer) => {
    const frames = reader.take(piece);
    if (frames === undefined) stream.destroy(new Error('these are no calls'));
    else for (const frame of frames) void answer(frame);
  });
  stream.on('end', () => {
    hasEnded = true;
    endIfIdle();
  });
  stream.respond({ ':status': 200 });
}
