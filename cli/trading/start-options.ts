import type { EnvironmentOptions } from './environment.ts';

/** The options as they were typed. */
export interface TypedStartOptions extends EnvironmentOptions {
  readonly for?: string;
  readonly live?: boolean;
  readonly output?: string;
}
