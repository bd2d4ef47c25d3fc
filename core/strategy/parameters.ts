import { formatRatio, parseRatio, type Ratio, ratio as ratioLiteral } from '../money/index.ts';
import { err, ok, type Result, unreachable } from '../result.ts';

/**
 * A strategy's typed parameters with their bounds. One description serves the command line, optimisation and forms, so
 * a value out of bounds cannot come in by any door.
 */
export type ParameterSpec = IntegerSpec | NumberSpec | RatioSpec | ChoiceSpec<string> | ToggleSpec;
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

interface Described {
  readonly help: string;
}
export interface IntegerSpec extends Described {
  readonly kind: 'integer';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}
/** A number for indicators and signals: a multiple, a level. Never an amount of money. */
export interface NumberSpec extends Described {
  readonly kind: 'number';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}
/** An exact share of money: 0.95 of the free balance. */
export interface RatioSpec extends Described {
  readonly kind: 'ratio';
  readonly default: Ratio;
  readonly minimum: Ratio;
  readonly maximum: Ratio;
}
export interface ChoiceSpec<Choice extends string> extends Described {
  readonly kind: 'choice';
  readonly default: Choice;
  readonly choices: readonly Choice[];
}
export interface ToggleSpec extends Described {
  readonly kind: 'toggle';
  readonly default: boolean;
}

export const integer = (spec: Omit<IntegerSpec, 'kind'>): IntegerSpec => ({ kind: 'integer', ...spec });
export const numeric = (spec: Omit<NumberSpec, 'kind'>): NumberSpec => ({ kind: 'number', ...spec });
export const choice = <Choice extends string>(
  spec: Omit<ChoiceSpec<Choice>, 'kind'>,
): ChoiceSpec<Choice> => ({
  kind: 'choice',
  ...spec,
});
export const toggle = (spec: Omit<ToggleSpec, 'kind'>): ToggleSpec => ({ kind: 'toggle', ...spec });
/** The bounds are written as decimal texts, because the value is exact. */
export const portion = (spec: {
  default: string;
  minimum: string;
  maximum: string;
  help: string;
}): RatioSpec => ({
  kind: 'ratio',
  help: spec.help,
  default: ratioLiteral(spec.default),
  minimum: ratioLiteral(spec.minimum),
  maximum: ratioLiteral(spec.maximum),
});

type ValueOf<Spec> = Spec extends IntegerSpec | NumberSpec
  ? number
  : Spec extends RatioSpec
    ? Ratio
    : Spec extends ChoiceSpec<infer Choice>
      ? Choice
      : boolean;

/** The values of a set of parameters: number, exact `Ratio`, one of the choices, or boolean. */
export type ParameterValues<Specs extends ParameterSpecs> = {
  readonly [Name in keyof Specs]: ValueOf<Specs[Name]>;
};

export type ParameterProblem =
  | { readonly reason: 'unknown_parameter'; readonly name: string; readonly known: readonly string[] }
  | { readonly reason: 'not_a_value'; readonly name: string; readonly was: string; readonly expected: string }
  | {
      readonly reason: 'out_of_bounds';
      readonly name: string;
      readonly was: string;
      readonly bounds: string;
    };

/** Reads `name=value` texts against the specs; what is not given has its default. All problems are told at once. */
export function readParameters<Specs extends ParameterSpecs>(
  specs: Specs,
  given: ReadonlyMap<string, string>,
): Result<ParameterValues<Specs>, readonly ParameterProblem[]> {
  const problems: ParameterProblem[] = [];
  const values: Record<string, number | Ratio | string | boolean> = {};
  for (const name of given.keys()) {
    if (!Object.hasOwn(specs, name))
      problems.push({ reason: 'unknown_parameter', name, known: Object.keys(specs) });
  }
  for (const [name, spec] of Object.entries(specs)) {
    const text = given.get(name);
    const value = text === undefined ? ok(spec.default) : readValue(name, spec, text);
    if (value.ok) values[name] = value.value;
    else problems.push(value.error);
  }
  return problems.length > 0 ? err(problems) : ok(values as ParameterValues<Specs>);
}

/** A value as text: what `readParameters` would read back. */
export function formatParameter(spec: ParameterSpec, value: number | Ratio | string | boolean): string {
  return spec.kind === 'ratio' ? formatRatio(value as Ratio) : String(value);
}

/** What a parameter accepts, for a person: 'a whole number from 1 to 500'. */
export function describeBounds(spec: ParameterSpec): string {
  switch (spec.kind) {
    case 'integer':
      return `a whole number from ${spec.minimum} to ${spec.maximum}`;
    case 'number':
      return `a number from ${spec.minimum} to ${spec.maximum}`;
    case 'ratio':
      return `a decimal from ${formatRatio(spec.minimum)} to ${formatRatio(spec.maximum)}`;
    case 'choice':
      return `one of ${spec.choices.join(', ')}`;
    case 'toggle':
      return 'true or false';
    default:
      return unreachable(spec);
  }
}

function readValue(
  name: string,
  spec: ParameterSpec,
  text: string,
): Result<number | Ratio | string | boolean, ParameterProblem> {
  const noValue = err({ reason: 'not_a_value', name, was: text, expected: describeBounds(spec) } as const);
  const outside = err({ reason: 'out_of_bounds', name, was: text, bounds: describeBounds(spec) } as const);
  switch (spec.kind) {
    case 'integer':
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value) || (spec.kind === 'integer' && !Number.isInteger(value))) return noValue;
      return value >= spec.minimum && value <= spec.maximum ? ok(value) : outside;
    }
    case 'ratio': {
      const value = parseRatio(text);
      if (!value.ok) return noValue;
      return value.value >= spec.minimum && value.value <= spec.maximum ? value : outside;
    }
    case 'choice':
      return spec.choices.includes(text) ? ok(text) : noValue;
    case 'toggle':
      return text === 'true' || text === 'false' ? ok(text === 'true') : noValue;
    default:
      return unreachable(spec);
  }
}
