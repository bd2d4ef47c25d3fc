/** Compares a text with one pattern or any of several; `*` stands for any characters. */
export type TextTest = (text: string | undefined) => boolean;

/** Without patterns everything matches; with them, what has no text does not. */
export function textTest(patterns: string | readonly string[] | undefined): TextTest {
  if (patterns === undefined) return () => true;
  const expressions = [patterns].flat().map(expressionOf);
  return (text) => text !== undefined && expressions.some((expression) => expression.test(text));
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[$()+.?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

type Plain = string | number | boolean | null;

/** Tests named fields against the values wanted; `fieldOf` finds a field. Numbers equal their texts: parameters are texts. */
export function fieldsTest(
  wanted: Readonly<Record<string, Plain>> | undefined,
): (fieldOf: (field: string) => unknown) => boolean {
  const entries = Object.entries(wanted ?? {});
  return (fieldOf) =>
    entries.every(([field, value]) => {
      const found = fieldOf(field);
      return found === value || (found !== undefined && found !== null && String(found) === String(value));
    });
}

/** The value at a path with dots (`k.x`, `B.0.a`) in parsed JSON; undefined where there is none. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}
