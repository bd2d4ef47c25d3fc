import type { Bus, CommittedEvent } from '@tradewind/proto';
import { silentTelemetry } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { publisherOver } from './publisher.ts';

const events = (first: number, count: number): CommittedEvent[] =>
  Array.from({ length: count }, (_, at) => ({
    seq: first + at,
    kind: 'signal',
    correlationId: `c-${first + at}`,
  })) as unknown as CommittedEvent[];

/** A bus that keeps nothing before it is let, and a log of what was said. */
function publishing() {
  const [kept, said]: [number[], string[]] = [[], []];
  const held: (() => void)[] = [];
  let isStill = true;
  const bus = {
    publish: (_topic: string, { seq }: CommittedEvent) =>
      new Promise<void>((resolve) => {
        const keep = (): void => {
          kept.push(seq);
          resolve();
        };
        if (isStill) held.push(keep);
        else keep();
      }),
  } as unknown as Bus;
  const log = { write: (_level: string, event: string) => void said.push(event) };
  const publish = publisherOver(bus, { ...silentTelemetry, log });
  const goOn = async (): Promise<void> => {
    await new Promise(setImmediate);
    isStill = false;
    for (const keep of held.splice(0)) keep();
    await new Promise(setImmediate);
  };
  return { kept, said, publish, goOn };
}

test('what waits for a bus that stands still is bounded, what is lost is said once, and the order stays', async () => {
  const { kept, said, publish, goOn } = publishing();
  publish(events(1, 10_000));
  expect(said).toEqual([]);
  publish(events(10_001, 50));
  publish(events(10_051, 50));
  expect(said).toEqual(['not_published']);
  await goOn();
  expect(kept).toEqual(events(1, 10_000).map(({ seq }) => seq));
  publish(events(20_000, 2));
  await goOn();
  expect(kept.slice(10_000)).toEqual([20_000, 20_001]);
});
