/** What `tradewind doctor` looks at, in this order. */
export const CHECKS = [
  'configuration',
  'keys',
  'disk',
  'database',
  'redis',
  'system',
  'limits',
  'clock',
  'permissions',
  'rules',
] as const;

/** What was found about one thing. */
export interface Finding {
  readonly check: (typeof CHECKS)[number];
  /** wrong: it will not trade, or not safely, until a person has done something. skipped: could not be looked at, or need not be. */
  readonly state: 'good' | 'warning' | 'wrong' | 'skipped';
  /** A sentence with its numbers. */
  readonly what: string;
  /** What a person can do about it. */
  readonly todo?: string;
}
