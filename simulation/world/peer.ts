import type { Lifeline } from './lifeline.ts';
import type { Network } from './network.ts';

/** A process as others meet it. */
export interface Peer {
  readonly name: string;
  readonly lifeline: Lifeline;
  readonly network: Network;
}
