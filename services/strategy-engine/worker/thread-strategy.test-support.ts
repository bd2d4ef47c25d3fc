import { quantity } from '@tradewind/core/money';
import { defineStrategy } from '@tradewind/core/strategy';

/** Orders at its first bar. */
// biome-ignore lint/style/noDefaultExport: a strategy is the default export of its file.
export default defineStrategy({
  name: 'on-a-thread',
  summary: 'For a test.',
  parameters: {},
  warmup: () => 0,
  create: (context) => {
    let bars = 0;
    return {
      onBar: () => {
        bars += 1;
        context.market().buy({ type: 'MARKET', quantity: quantity('1') }, 'from a thread');
      },
      save: () => ({ bars }),
      restore: () => undefined,
    };
  },
});
