import { PLAIN_HEADER } from './unary-calls.ts';

/** Where a client opens its lane. */
export const LANE_PATH = '/lane';
/** The status of a call that was not begun because too many others of the lane are under way. */
export const LANE_IS_FULL = 429;

/** A call on a lane, or the answer to one. `head` is the path that is called; of an answer its status and headers, as JSON. */
export interface LaneFrame {
  /** Chosen by the client for a call, and the same in its answer. */
  readonly number: number;
  readonly head: string;
  readonly body: Uint8Array;
}

/** Four bytes say how long the rest is, four the number, two how long the head is; head and body follow. */
const LENGTH_BYTES = 4;
const NUMBER_BYTES = 4;
const HEAD_LENGTH_BYTES = 2;
const FIXED_BYTES = LENGTH_BYTES + NUMBER_BYTES + HEAD_LENGTH_BYTES;

export function frameBytes({ number, head, body }: LaneFrame): Buffer {
  const headLength = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(FIXED_BYTES + headLength + body.length);
  bytes.writeUInt32BE(bytes.length - LENGTH_BYTES, 0);
  bytes.writeUInt32BE(number, LENGTH_BYTES);
  bytes.writeUInt16BE(headLength, LENGTH_BYTES + NUMBER_BYTES);
  bytes.write(head, FIXED_BYTES);
  bytes.set(body, FIXED_BYTES + headLength);
  return bytes;
}

/** What the head of an answer says. */
export interface AnswerHead {
  readonly status: number;
  readonly header: Headers;
}
/** That of nearly every answer is made and read once. */
const PLAIN: AnswerHead = { status: 200, header: PLAIN_HEADER };
const textOfHead = ({ status, header }: AnswerHead): string => JSON.stringify([status, [...header]]);
const PLAIN_TEXT = textOfHead(PLAIN);

export const answerHeadText = (head: AnswerHead): string =>
  head.status === PLAIN.status && head.header === PLAIN.header ? PLAIN_TEXT : textOfHead(head);

/** Throws when it is none. */
export function answerHeadOf(text: string): AnswerHead {
  if (text === PLAIN_TEXT) return PLAIN;
  const [status, header] = JSON.parse(text) as [number, [string, string][]];
  return { status, header: new Headers(header) };
}

/** Puts frames together again. */
export class FrameReader {
  private readonly bytesMaximum: number;
  private pieces: Buffer[] = [];
  private length = 0;
  /** How many bytes there must be to go on. */
  private needed = LENGTH_BYTES;

  /** @param bytesMaximum  of one frame */
  constructor(bytesMaximum: number) {
    this.bytesMaximum = bytesMaximum;
  }

  /** Whether a frame has begun that is not whole. */
  get isWithinFrame(): boolean {
    return this.length > 0;
  }

  /** @returns what is whole by now; undefined when these are no frames, or one of them is longer than it may be */
  take(piece: Buffer): readonly LaneFrame[] | undefined {
    this.pieces.push(piece);
    this.length += piece.length;
    const frames: LaneFrame[] = [];
    while (this.length >= this.needed) {
      const bytes = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
      const end = LENGTH_BYTES + bytes.readUInt32BE(0);
      if (end < FIXED_BYTES || end > this.bytesMaximum) return undefined;
      if (bytes.length < end) {
        this.pieces = [bytes];
        this.needed = end;
        break;
      }
      const bodyAt = FIXED_BYTES + bytes.readUInt16BE(LENGTH_BYTES + NUMBER_BYTES);
      if (bodyAt > end) return undefined;
      const number = bytes.readUInt32BE(LENGTH_BYTES);
      frames.push({
        number,
        head: bytes.toString('utf8', FIXED_BYTES, bodyAt),
        body: bytes.subarray(bodyAt, end),
      });
      this.pieces = [bytes.subarray(end)];
      this.length = bytes.length - end;
      this.needed = LENGTH_BYTES;
    }
    return frames;
  }
}
