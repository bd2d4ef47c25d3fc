import * as life from '../../core/orders/life.ts';

export * from '../../core/orders/life.ts';

/** Every move of the table that was made in this thread. */
export const moves = new Set<string>();

/** Takes the place of the real one, and notes what it says. */
export const nextState: typeof life.nextState = (from, event) => {
  const next = life.nextState(from, event);
  if (next.ok) moves.add(`${from} ${event} ${next.value}`);
  return next;
};
