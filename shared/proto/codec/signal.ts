import { unreachable } from '@tradewind/core/result';
import type { Signal } from '../contracts/event.ts';
import * as wire from '../generated/tradewind/v1/events_pb.js';
import { type Codec, decodePart, Malformed } from './codec.ts';
import { orderIntent, orderList } from './orders.ts';
import { record } from './record.ts';
import { text, whole } from './scalars.ts';

type Head = Pick<Signal, 'strategy' | 'symbol' | 'decidedAtMs' | 'expiresAtMs'>;

const head = record<Head, wire.Signal>(wire.SignalSchema, {
  strategy: text,
  symbol: text,
  decidedAtMs: whole,
  expiresAtMs: whole,
});

export const signal: Codec<Signal, wire.Signal> = {
  encode: (value) => {
    const message = head.encode(value);
    message.action = encodeAction(value);
    return message;
  },
  decode: (message) => {
    const { action } = message;
    switch (action.case) {
      case 'order':
        return {
          ...head.decode(message),
          action: 'order',
          intent: decodePart('order', orderIntent, action.value),
        };
      case 'list':
        return { ...head.decode(message), action: 'list', list: decodePart('list', orderList, action.value) };
      case 'cancel':
        return { ...head.decode(message), action: 'cancel', clientOrderId: action.value };
      case undefined:
        throw Malformed.within('action', new Malformed('is missing'));
      default:
        return unreachable(action);
    }
  },
};

function encodeAction(value: Signal): wire.Signal['action'] {
  switch (value.action) {
    case 'order':
      return { case: 'order', value: orderIntent.encode(value.intent) };
    case 'list':
      return { case: 'list', value: orderList.encode(value.list) };
    case 'cancel':
      return { case: 'cancel', value: value.clientOrderId };
    default:
      return unreachable(value);
  }
}
