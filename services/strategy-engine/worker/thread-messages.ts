import type { HostingInput, HostingOutput, HostingSettings } from '../hosting/messages.ts';

/** What a thread of a strategy is started with. */
export interface ThreadData {
  readonly module: string;
  readonly settings: HostingSettings;
}

export type ToThread =
  | { readonly kind: 'input'; readonly input: HostingInput }
  | { readonly kind: 'ping'; readonly number: number };

export type FromThread =
  | { readonly kind: 'output'; readonly output: HostingOutput }
  | { readonly kind: 'pong'; readonly number: number };
