import { atStart, describeFound, runCampaign } from './campaign.ts';
import type { FuzzTarget } from './target.ts';

/** A campaign that is a test: what it found, as a person reads it, and how many inputs ended how. */
export async function shortRun(
  target: FuzzTarget,
  inputs: number,
): Promise<{ readonly found: readonly string[]; readonly outcomes: Readonly<Record<string, number>> }> {
  const found: string[] = [];
  const { outcomes } = await runCampaign(target, atStart(1), inputs, {
    found: (each) => found.push(describeFound(target.name, each)),
  });
  return { found, outcomes };
}
