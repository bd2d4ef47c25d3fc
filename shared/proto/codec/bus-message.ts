import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { err, type Result } from '@tradewind/core/result';
import type { BusMessages, Topic } from '../contracts/bus.ts';
import type { CommittedEvent } from '../contracts/event.ts';
import type { MarketUpdate } from '../contracts/market-data.ts';
import * as wire from '../generated/tradewind/v1/events_pb.js';
import { MarketUpdateSchema } from '../generated/tradewind/v1/market_pb.js';
import { type Codec, decodePart, decodeWith, Malformed, type MalformedMessage } from './codec.ts';
import { committedEvent } from './events.ts';
import { marketUpdate } from './market.ts';

export interface Addressed<T extends Topic> {
  readonly message: BusMessages[T];
  readonly correlationId: string;
}

export function encodeBusMessage<T extends Topic>(
  topic: T,
  message: BusMessages[T],
  correlationId: string,
): Uint8Array {
  const envelope = create(wire.BusMessageSchema);
  envelope.correlationId = correlationId;
  envelope.message =
    topic === 'market-data'
      ? { case: 'marketUpdate', value: marketUpdate.encode(message as MarketUpdate) }
      : { case: 'event', value: committedEvent.encode(message as CommittedEvent) };
  return toBinary(wire.BusMessageSchema, envelope);
}

export function decodeBusMessage<T extends Topic>(
  topic: T,
  bytes: Uint8Array,
): Result<Addressed<T>, MalformedMessage> {
  let envelope: wire.BusMessage;
  try {
    envelope = fromBinary(wire.BusMessageSchema, bytes);
  } catch (error) {
    return err({
      path: '',
      problem: `is no message: ${error instanceof Error ? error.message : 'unreadable'}`,
    });
  }
  return decodeWith(envelopeOf<T>(topic), envelope);
}

const envelopeOf = <T extends Topic>(topic: T): Pick<Codec<Addressed<T>, wire.BusMessage>, 'decode'> => ({
  decode: ({ correlationId, message }) => {
    if (message.case === undefined) throw Malformed.within('message', new Malformed('is missing'));
    if ((message.case === 'marketUpdate') !== (topic === 'market-data')) {
      throw Malformed.within('message', new Malformed(`does not belong to the topic '${topic}'`));
    }
    const value =
      message.case === 'event'
        ? decodePart('event', committedEvent, message.value)
        : decodePart('marketUpdate', marketUpdate, message.value);
    return { message: value as BusMessages[T], correlationId };
  },
});

/** A message as JSON text, for people: the names and words of the proto files. */
export const busMessageText = <T extends Topic>(topic: T, message: BusMessages[T]): string =>
  JSON.stringify(
    topic === 'market-data'
      ? toJson(MarketUpdateSchema, marketUpdate.encode(message as MarketUpdate))
      : toJson(wire.TradingEventSchema, committedEvent.encode(message as CommittedEvent)),
  );
