import type { Context, Strategy, StrategyDefinition } from '@tradewind/core/strategy';
import { defineStrategy, integer } from '@tradewind/core/strategy';

/** A strategy made of nothing but callbacks, with one parameter. */
export function probe(
  create: (context: Context, level: number) => Strategy,
  more: Partial<Pick<StrategyDefinition, 'inputs' | 'warmup'>> = {},
): StrategyDefinition {
  return defineStrategy({
    name: 'probe',
    summary: 'For a test.',
    parameters: { level: integer({ default: 1, minimum: 1, maximum: 9, help: 'anything' }) },
    check: ({ level }) => (level === 7 ? 'level must not be 7' : undefined),
    warmup: () => 0,
    create: (context, { level }) => create(context, level as number),
    ...more,
  });
}
