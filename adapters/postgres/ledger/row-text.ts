/** One row of a table, in the order of its columns. */
export type Row = readonly (string | number | boolean | null)[];

/**
 * Rows as PostgreSQL reads an array of composite values (its manual, 8.15.6 and 8.16.6): `{"(1,\"a\")","(2,)"}`. A missing field is null.
 * @returns null for no rows
 */
export const rowsText = (rows: readonly Row[]): string | null =>
  rows.length === 0 ? null : `{${rows.map((row) => `"(${row.map(fieldText).join(',')})"`).join(',')}}`;

/** What nothing has to be done to; most fields are names and decimals. */
const PLAIN = /^[\w.:-]+$/;

function fieldText(field: string | number | boolean | null): string {
  if (field === null) return '';
  if (typeof field !== 'string') return String(field);
  if (PLAIN.test(field)) return field;
  // Within a row a quote or backslash is escaped, and the escape with it once more within the array.
  return `\\"${field.replaceAll('\\', '\\\\\\\\').replaceAll('"', '\\\\\\"')}\\"`;
}
