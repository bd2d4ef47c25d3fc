import { create } from '@bufbuild/protobuf';
import { unreachable } from '@tradewind/core/result';
import type { SavedState } from '@tradewind/core/strategy';
import * as wire from '../generated/tradewind/v1/events_pb.js';
import { type Codec, decodePart, list, Malformed } from './codec.ts';

/** Not as JSON: indicators save numbers that are none, and JSON has no word for them. */
export const savedState: Codec<SavedState, wire.SavedValue> = {
  encode: (state) => create(wire.SavedValueSchema, { value: encodeValue(state) }),
  decode: ({ value }) => decodeValue(value),
};

const items: Codec<readonly SavedState[], wire.SavedValue[]> = list({
  encode: (state) => savedState.encode(state),
  decode: (message) => savedState.decode(message),
});

function encodeValue(state: SavedState): wire.SavedValue['value'] {
  if (state === null) return { case: 'nothing', value: create(wire.NothingSchema) };
  if (typeof state === 'boolean') return { case: 'truth', value: state };
  if (typeof state === 'number') return { case: 'number', value: state };
  if (typeof state === 'string') return { case: 'text', value: state };
  if (isList(state)) {
    return { case: 'list', value: create(wire.SavedListSchema, { items: items.encode(state) }) };
  }
  const entries = Object.entries(state).map(([name, value]) =>
    create(wire.SavedEntrySchema, { name, value: savedState.encode(value) }),
  );
  return { case: 'object', value: create(wire.SavedObjectSchema, { entries }) };
}

function decodeValue(value: wire.SavedValue['value']): SavedState {
  switch (value.case) {
    case 'nothing':
      return null;
    case 'truth':
    case 'number':
    case 'text':
      return value.value;
    case 'list':
      return decodePart('list', items, value.value.items);
    case 'object':
      return Object.fromEntries(value.value.entries.map(decodeEntry));
    case undefined:
      throw new Malformed('is missing');
    default:
      return unreachable(value);
  }
}

function decodeEntry(entry: wire.SavedEntry): [string, SavedState] {
  if (entry.value === undefined) throw Malformed.within(entry.name, new Malformed('is missing'));
  return [entry.name, decodePart(entry.name, savedState, entry.value)];
}

const isList = (state: SavedState): state is readonly SavedState[] => Array.isArray(state);
