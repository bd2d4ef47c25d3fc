import { err, ok, type Result } from '@tradewind/core/result';

/** How a domain type stands in a message. Both ways are exact: what is decoded from what was encoded is equal to it. */
export interface Codec<Domain, Wire> {
  readonly encode: (value: Domain) => Wire;
  /** Throws `Malformed`; from outside messages are read with `decodeWith`. */
  readonly decode: (wire: Wire) => Domain;
}

/** Where a message is not what it has to be, and what is wrong there: `signal.intent.terms.price` `is no decimal: 'abc'`. */
export interface MalformedMessage {
  readonly path: string;
  readonly problem: string;
}

/** Carries a problem up to whoever reads the whole message; it gets its path on the way. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  private readonly path: (string | number)[] = [];
  private readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }

  describe(): MalformedMessage {
    return { path: this.path.toReversed().join('.'), problem: this.problem };
  }

  /** Says that what went wrong did so inside a part. Anything but a malformed message passes untouched. */
  static within(part: string | number, thrown: unknown): unknown {
    if (thrown instanceof Malformed) thrown.path.push(part);
    return thrown;
  }
}

/** Reads a message strictly: a missing field, a malformed decimal or an unknown name is a refusal that says where. */
export function decodeWith<Domain, Wire>(
  codec: Pick<Codec<Domain, Wire>, 'decode'>,
  wire: Wire,
): Result<Domain, MalformedMessage> {
  try {
    return ok(codec.decode(wire));
  } catch (thrown) {
    if (thrown instanceof Malformed) return err(thrown.describe());
    throw thrown;
  }
}

/** Reads one part of a message by hand. */
export function decodePart<Domain, Wire>(part: string, codec: Codec<Domain, Wire>, wire: Wire): Domain {
  try {
    return codec.decode(wire);
  } catch (thrown) {
    throw Malformed.within(part, thrown);
  }
}

/** A codec of fewer values: what is decoded and is none of them is malformed. */
export const narrowed = <Wide, Narrow extends Wide, Wire>(
  codec: Codec<Wide, Wire>,
  isNarrow: (value: Wide) => value is Narrow,
  problem: string,
): Codec<Narrow, Wire> => ({
  encode: codec.encode,
  decode: (wire) => {
    const value = codec.decode(wire);
    if (!isNarrow(value)) throw new Malformed(problem);
    return value;
  },
});

export const list = <Domain, Wire>(item: Codec<Domain, Wire>): Codec<readonly Domain[], Wire[]> => ({
  encode: (values) => values.map(item.encode),
  decode: (wires) =>
    wires.map((wire, index) => {
      try {
        return item.decode(wire);
      } catch (thrown) {
        throw Malformed.within(index, thrown);
      }
    }),
});

export const mapOf = <Domain, Wire>(
  item: Codec<Domain, Wire>,
): Codec<ReadonlyMap<string, Domain>, { [name: string]: Wire }> => ({
  encode: (values) => Object.fromEntries([...values].map(([name, value]) => [name, item.encode(value)])),
  decode: (wires) =>
    new Map(Object.entries(wires).map(([name, wire]) => [name, decodePart(name, item, wire)])),
});
