/** What an answer or event said that could not be read, and where: `$.orderReports[1].price`. */
export interface ReadingFailure {
  readonly path: string;
  readonly expected: string;
  /** What stood there, shortened; never a whole answer. */
  readonly found: string;
}

export const describeReadingFailure = ({ path, expected, found }: ReadingFailure): string =>
  `${path} should be ${expected}, was ${found}`;
