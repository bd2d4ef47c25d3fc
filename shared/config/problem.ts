/** What is wrong with a configuration, where, and what to do about it. */
export interface ConfigurationProblem {
  readonly file: string;
  /** From 1; of the field, or of what should hold it. */
  readonly line: number;
  /** Like strategies.ema-btc.symbols.0; empty for the file as a whole. */
  readonly field: string;
  readonly what: string;
}

/** `config/local.json:12: limits.account.order_notional_maximum: is missing; ...` */
export const describeConfigurationProblem = ({ file, line, field, what }: ConfigurationProblem): string =>
  `${file}:${line}: ${field === '' ? '' : `${field}: `}${what}`;
