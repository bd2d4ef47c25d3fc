import { create, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import { invariant } from '@tradewind/core/result';
import { type Codec, Malformed } from './codec.ts';
import { text } from './scalars.ts';

/** A field that may be missing: `left_out` has no property then, `undefined` has one that says so. */
interface Optional<Domain, Wire, WhenMissing extends 'left_out' | 'undefined'> {
  readonly codec: Codec<Domain, Wire>;
  readonly whenMissing: WhenMissing;
}

/** For `name?: Domain`. */
export const optional = <Domain, Wire>(codec: Codec<Domain, Wire>): Optional<Domain, Wire, 'left_out'> => ({
  codec,
  whenMissing: 'left_out',
});

/** For `name: Domain | undefined`. */
export const orUndefined = <Domain, Wire>(
  codec: Codec<Domain, Wire>,
): Optional<Domain, Wire, 'undefined'> => ({ codec, whenMissing: 'undefined' });

type Field<Domain, Name extends keyof Domain, Wire> =
  Record<never, never> extends Pick<Domain, Name>
    ? Optional<Exclude<Domain[Name], undefined>, Wire, 'left_out'>
    : undefined extends Domain[Name]
      ? Optional<Exclude<Domain[Name], undefined>, Wire, 'undefined'>
      : Codec<Domain[Name], Wire>;

/** One codec for each field of the domain type; its field of the message has the same name. A forgotten one does not compile. */
export type Fields<Domain, Wire> = {
  readonly [Name in keyof Domain & string]-?: Name extends keyof Wire
    ? Field<Domain, Name, NonNullable<Wire[Name]>>
    : never;
};

type AnyOptional = Optional<unknown, unknown, 'left_out' | 'undefined'>;
type Loose = Record<string, unknown>;
interface Step {
  readonly name: string;
  readonly codec: Codec<unknown, unknown>;
  readonly whenMissing: 'left_out' | 'undefined' | 'refused';
}

/** A domain type whose fields stand in a message one by one. */
export function record<Domain extends object, Wire extends Message>(
  schema: GenMessage<Wire>,
  fields: Fields<Domain, Wire>,
): Codec<Domain, Wire> {
  return codecOf(schema, stepsOf(fields));
}

function codecOf<Domain, Wire extends Message>(
  schema: GenMessage<Wire>,
  steps: readonly Step[],
): Codec<Domain, Wire> {
  return {
    encode: (value) => {
      const message = create(schema as DescMessage) as unknown as Loose;
      encodeFields(steps, value as Loose, message);
      return message as unknown as Wire;
    },
    decode: (message) => {
      const value: Loose = {};
      decodeFields(steps, message as unknown as Loose, value);
      return value as Domain;
    },
  };
}

type Readable<Wire> = { readonly decode: (wire: Wire) => unknown };
type DomainOf<FieldCodec> = FieldCodec extends {
  readonly codec: { readonly decode: (wire: never) => infer Domain };
}
  ? Domain | undefined
  : FieldCodec extends { readonly decode: (wire: never) => infer Domain }
    ? Domain
    : never;

/** A request or an answer: what its codecs say, and the correlation id that every message carries. */
export function message<
  Wire extends Message & { correlationId: string },
  Parts extends {
    readonly [Name in keyof Parts]: Name extends keyof Wire
      ?
          | Readable<NonNullable<Wire[Name]>>
          | { readonly codec: Readable<NonNullable<Wire[Name]>>; readonly whenMissing: 'undefined' }
      : never;
  },
>(
  schema: GenMessage<Wire>,
  parts: Parts,
): Codec<
  { readonly correlationId: string } & { readonly [Name in keyof Parts]: DomainOf<Parts[Name]> },
  Wire
> {
  return codecOf(schema, stepsOf({ correlationId: text, ...parts }));
}

type Variant<Union, Tag extends keyof Union, Value> = Union extends unknown
  ? Value extends Union[Tag]
    ? Omit<Union, Tag>
    : never
  : never;

/**
 * A union of which the tag says what fields there are, in one flat message. A field that is set and does not belong to its variant
 * is malformed: what it says must not be passed over.
 */
export function tagged<
  Domain extends object,
  Tag extends keyof Domain & keyof Wire & string,
  Wire extends Message,
>(
  schema: GenMessage<Wire>,
  tag: Tag,
  tags: Codec<Domain[Tag], Wire[Tag]>,
  variants: { readonly [Value in Domain[Tag] & string]: Fields<Variant<Domain, Tag, Value>, Wire> },
): Codec<Domain, Wire> {
  const steps = new Map(Object.entries<object>(variants).map(([value, fields]) => [value, stepsOf(fields)]));
  const tagStep: Step = { name: tag, codec: tags as Codec<unknown, unknown>, whenMissing: 'refused' };
  const stepsFor = (value: Loose): readonly Step[] => {
    const found = steps.get(value[tag] as string);
    invariant(found !== undefined, `every ${tag} has its fields`);
    return found;
  };
  return {
    encode: (value) => {
      const message = create(schema as DescMessage) as unknown as Loose;
      encodeFields([tagStep], value as Loose, message);
      encodeFields(stepsFor(value as Loose), value as Loose, message);
      return message as unknown as Wire;
    },
    decode: (message) => {
      const loose = message as unknown as Loose;
      const value: Loose = {};
      decodeFields([tagStep], loose, value);
      const wanted = stepsFor(value);
      decodeFields(wanted, loose, value);
      for (const name of Object.keys(loose)) {
        if (name === tag || name.startsWith('$') || isEmptyList(loose[name])) continue;
        if (wanted.some((step) => step.name === name)) continue;
        throw Malformed.within(name, new Malformed(`does not belong to ${String(value[tag])}`));
      }
      return value as Domain;
    },
  };
}

/** @param fields  `Fields`, of whatever types */
const stepsOf = (fields: object): readonly Step[] =>
  Object.entries(fields as Readonly<Record<string, Codec<unknown, unknown> | AnyOptional>>).map(
    ([name, field]) =>
      'codec' in field ? { name, ...field } : { name, codec: field, whenMissing: 'refused' },
  );

function encodeFields(steps: readonly Step[], value: Loose, message: Loose): void {
  for (const { name, codec, whenMissing } of steps) {
    const part = value[name];
    if (part !== undefined) message[name] = codec.encode(part);
    else invariant(whenMissing !== 'refused', `what is sent has its '${name}'`);
  }
}

function decodeFields(steps: readonly Step[], message: Loose, value: Loose): void {
  for (const { name, codec, whenMissing } of steps) {
    try {
      // A field that was not sent stands in the prototype of the message, with a default.
      if (Object.hasOwn(message, name)) value[name] = codec.decode(message[name]);
      else if (whenMissing === 'refused') throw new Malformed('is missing');
      else if (whenMissing === 'undefined') value[name] = undefined;
    } catch (thrown) {
      throw Malformed.within(name, thrown);
    }
  }
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
