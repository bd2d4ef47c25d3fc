import type { MessageFacts } from './facts.ts';
import type { MessageFate } from './lane.ts';
import type { EventFault, MessageFault } from './plan-schema.ts';
import type { Rule } from './rule.ts';

const HOLD_MS = 1000;

/**
 * Draws what the faults that strike a message do together.
 * @param change  what an edit makes of the message
 */
export function messageFate<Item>(
  struck: readonly Rule<EventFault | MessageFault, MessageFacts>[],
  item: Item,
  change: (item: Item, edit: MessageEdit) => Item,
): MessageFate<Item> {
  let isDropped = false;
  let delayMs = 0;
  let hold: MessageFate<Item>['hold'];
  const copies: { times: number; gapMs: number }[] = [];
  for (const { fault, selection } of struck) {
    switch (fault.fault) {
      case 'drop_event':
      case 'drop_message':
        isDropped = true;
        break;
      case 'delay_event':
      case 'delay_message':
        delayMs += selection.draw(fault.ms);
        break;
      case 'duplicate_event':
      case 'duplicate_message':
        copies.push({ times: fault.times ?? 1, gapMs: fault.gap_ms ?? 0 });
        break;
      case 'reorder_event':
      case 'reorder_message':
        hold ??= { by: fault.by ?? 1, holdMs: fault.hold_ms ?? HOLD_MS };
        break;
      default:
        item = change(item, fault);
    }
  }
  return { item, isDropped, delayMs, hold, copies };
}

export type MessageEdit = Extract<
  EventFault | MessageFault,
  { fault: 'edit_event' | 'edit_message' | 'cross_book_message' }
>;
