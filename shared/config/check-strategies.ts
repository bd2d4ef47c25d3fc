import { unreachable } from '@tradewind/core/result';
import {
  formatParameter,
  type ParameterProblem,
  readParameters,
  type StrategyDefinition,
} from '@tradewind/core/strategy';
import type { FieldProblem } from './rules.ts';
import type { Configuration, StrategyConfiguration } from './schema.ts';

/**
 * Whether every strategy of the file is there, can trade its symbols and takes its parameters.
 * @param definitionOf  undefined for a name that is none
 */
export function checkStrategies(
  { strategies }: Configuration,
  definitionOf: (name: string) => StrategyDefinition | undefined,
): readonly FieldProblem[] {
  return Object.entries(strategies).flatMap(([name, strategy]) => {
    const at = `strategies.${name}`;
    const definition = definitionOf(strategy.definition);
    if (definition === undefined)
      return [{ field: `${at}.definition`, what: `there is no strategy ${strategy.definition}` }];
    return checkOne(at, strategy, definition);
  });
}

/** Parameters of a file as the texts that `readParameters` takes. */
const parameterTexts = ({ parameters }: StrategyConfiguration): ReadonlyMap<string, string> =>
  new Map(Object.entries(parameters).map(([name, value]) => [name, String(value)]));

function checkOne(
  at: string,
  strategy: StrategyConfiguration,
  definition: StrategyDefinition,
): readonly FieldProblem[] {
  const { symbolsMaximum } = definition;
  const problems: FieldProblem[] = [];
  if (symbolsMaximum !== undefined && strategy.symbols.length > symbolsMaximum) {
    problems.push({ field: `${at}.symbols`, what: `${definition.name} trades at most ${symbolsMaximum}` });
  }
  const values = readParameters(definition.parameters, parameterTexts(strategy));
  if (!values.ok) {
    return [
      ...problems,
      ...values.error.map((each) => ({ field: `${at}.parameters.${each.name}`, what: describe(each) })),
    ];
  }
  const complaint = definition.check?.(values.value);
  if (complaint !== undefined) problems.push({ field: `${at}.parameters`, what: complaint });
  return problems;
}

function describe(problem: ParameterProblem): string {
  switch (problem.reason) {
    case 'unknown_parameter':
      return `there is no such parameter; there are ${problem.known.join(', ')}`;
    case 'not_a_value':
      return `is ${problem.was}; expected ${problem.expected}`;
    case 'out_of_bounds':
      return `is ${problem.was}; expected ${problem.bounds}`;
    default:
      return unreachable(problem);
  }
}

/** All parameters of a definition with what the file says, as texts: what is shown, stored and compared. */
export function fullParameters(
  strategy: StrategyConfiguration,
  definition: StrategyDefinition,
): Record<string, string> {
  const given = parameterTexts(strategy);
  return Object.fromEntries(
    Object.entries(definition.parameters).map(([name, spec]) => [
      name,
      given.get(name) ?? formatParameter(spec, spec.default),
    ]),
  );
}
