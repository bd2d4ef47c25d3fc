import type { Section } from './section.ts';
import { apart } from './trading/apart.ts';
import { decisions } from './trading/decisions.ts';
import { durable } from './trading/durable.ts';
import { memory } from './trading/memory.ts';
import { orders } from './trading/orders.ts';
import { restart } from './trading/restart.ts';
import { updates } from './trading/updates.ts';

/** The whole system: services, ledger and exchange together, by the clock, under a load that waits for nobody; each part by itself. */
export const tradingSections: Readonly<Record<string, Section>> = {
  'trading-decisions': decisions,
  'trading-durable': durable,
  'trading-apart': apart,
  'trading-updates': updates,
  'trading-orders': orders,
  'trading-restart': restart,
  'trading-memory': memory,
};
