import { type Codec, Malformed } from './codec.ts';

/** A `oneof` as it is generated. */
type OneOf =
  | { readonly case: string; readonly value?: unknown }
  | { readonly case: undefined; readonly value?: undefined };
type ValueOf<Choice extends OneOf, Case> = Extract<Choice, { readonly case: Case }>['value'];

/** What the domain type has for one case, without its `kind`. */
type Variant<Domain, Kind> = Domain extends { readonly kind: infer Own }
  ? Own extends Kind
    ? Omit<Domain, 'kind'>
    : never
  : never;

type Camel<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** A union whose `kind` is the case of a `oneof`. A forgotten kind does not compile. */
export function kinds<Domain extends { readonly kind: string }, Choice extends OneOf>(
  codecs: {
    readonly [Kind in Domain['kind']]: Codec<Variant<Domain, Kind>, ValueOf<Choice, Camel<Kind>>>;
  },
): Codec<Domain, Choice> {
  const byKind = new Map(Object.entries(codecs)) as ReadonlyMap<string, Codec<unknown, unknown>>;
  const kindOfCase = new Map([...byKind.keys()].map((kind) => [camel(kind), kind]));
  return {
    encode: (value) =>
      ({ case: camel(value.kind), value: byKind.get(value.kind)?.encode(value) }) as unknown as Choice,
    decode: (choice) => {
      const kind = kindOfCase.get(choice.case ?? '');
      const codec = kind === undefined ? undefined : byKind.get(kind);
      if (codec === undefined) throw new Malformed('is missing');
      try {
        return { kind, ...(codec.decode(choice.value) as object) } as unknown as Domain;
      } catch (thrown) {
        throw Malformed.within(choice.case as string, thrown);
      }
    },
  };
}

/** A value that stands under a name in the domain type, and by itself in the message. */
export const under = <Name extends string, Domain, Wire>(
  name: Name,
  codec: Codec<Domain, Wire>,
): Codec<{ readonly [Key in Name]: Domain }, Wire> => ({
  encode: (value) => codec.encode(value[name]),
  decode: (wire) => ({ [name]: codec.decode(wire) }) as { readonly [Key in Name]: Domain },
});
