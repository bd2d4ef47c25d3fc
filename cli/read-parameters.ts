import { type Result, unreachable } from '@tradewind/core/result';
import {
  type ParameterProblem,
  type ParameterSpecs,
  type ParameterValues,
  readParameters,
  type StrategyDefinition,
} from '@tradewind/core/strategy';
import { badInput, type Complaint, nearest } from './complaint.ts';

/** The values of a strategy's parameters: what was given, and defaults for the rest. */
export function readParameterValues(
  definition: StrategyDefinition,
  given: ReadonlyMap<string, string>,
): Result<ParameterValues<ParameterSpecs>, Complaint> {
  const values = readParameters(definition.parameters, given);
  if (!values.ok)
    return badInput(values.error.map((problem) => describe(problem, definition.name)).join('; '));
  const conflict = definition.check?.(values.value);
  return conflict === undefined ? values : badInput(`--param: ${conflict}`);
}

function describe(problem: ParameterProblem, strategy: string): string {
  switch (problem.reason) {
    case 'unknown_parameter': {
      const { name, known } = problem;
      const parameters = known.length === 0 ? 'it has none' : `its parameters are ${known.join(', ')}`;
      return `--param ${name}: ${strategy} has no such parameter${nearest(name, known)} (${parameters})`;
    }
    case 'not_a_value':
      return `--param ${problem.name}=${problem.was}: expected ${problem.expected}`;
    case 'out_of_bounds':
      return `--param ${problem.name}=${problem.was}: out of bounds, expected ${problem.bounds}`;
    default:
      return unreachable(problem);
  }
}
