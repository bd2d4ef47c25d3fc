import type { SeededRandom } from '@tradewind/utils';
import type { ExchangeFault } from '../world/exchange-faults.ts';
import type { World } from '../world/world.ts';
import type { HappeningKind } from './happening.ts';

/** What is wrong at the exchange itself, as its fault plans say it. */
export interface Faulty extends Pick<HappeningKind, 'name' | 'rows' | 'lastsMs'> {
  /** For the trace, where the faults alone do not say what it is about. */
  readonly text?: string;
  readonly faults: (random: SeededRandom) => readonly ExchangeFault[];
  /** What is done besides. @returns what ends it */
  readonly begin?: (world: World, random: SeededRandom) => () => void;
}

export const withFaults = ({ name, rows, lastsMs, text, faults, begin }: Faulty): HappeningKind => ({
  name,
  group: 'exchange',
  rows,
  lastsMs,
  begin: (world, random) => {
    const drawn = faults(random);
    const endFaults = world.exchangeFaults.begin(drawn, random.nextUint32());
    const end = begin?.(world, random);
    const told = drawn.map((each) => JSON.stringify(each)).join(' ');
    return {
      text: text === undefined ? told : `${text}: ${told}`,
      end: () => {
        end?.();
        endFaults();
      },
    };
  },
});
