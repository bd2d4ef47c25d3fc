import type { MakeCheck } from './check.ts';
import { idsIntended } from './intended.ts';

/** K8: an order that has ended holds nothing back: at rest the risk manager counts no more of them than the exchange has open. */
export const nothingHeldBack: MakeCheck = (world, fail) => {
  const ours = new Set<string>();
  return {
    name: 'K8 what has ended holds nothing back',
    committed(events) {
      for (const id of idsIntended(events)) ours.add(id);
    },
    async atRest() {
      const risk = await world.services.riskManager?.state();
      const counted = risk?.uses.find(({ name }) => name === 'account open orders');
      const open = world.simulator.exchange.openOrders(world.account);
      const atVenue = open.ok ? open.value.filter((order) => ours.has(order.placedClientOrderId)) : [];
      if (counted !== undefined && Number(counted.was) > atVenue.length)
        fail(`the risk manager counts ${counted.was} open orders, the exchange has ${atVenue.length}`);
    },
  };
};
