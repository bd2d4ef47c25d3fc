/** Why the rules of a symbol are not known. `describeInstrumentProblem` makes the sentence for people. */
export interface InstrumentProblem {
  readonly kind:
    | 'unreadable'
    | 'not_json'
    | 'not_exchange_info'
    | 'symbol_missing'
    | 'not_tradable'
    | 'quote_unknown';
  /** The file that was asked, where one was. */
  readonly file?: string;
  readonly what: string;
}

export const describeInstrumentProblem = ({ file, what }: InstrumentProblem): string =>
  file === undefined ? what : `${file}: ${what}`;
