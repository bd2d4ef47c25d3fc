import { err, invariant, ok, type Result } from '@tradewind/core/result';
import {
  type ParameterProblem,
  type ParameterSpecs,
  type ParameterValues,
  readParameters,
  type StrategyDefinition,
} from '@tradewind/core/strategy';

type Texts = Readonly<Record<string, string>>;

/** Reads parameters as a person typed them, by the definition's bounds and its own check. @returns a sentence that says what is wrong */
export function checkValues(
  definition: StrategyDefinition,
  texts: Texts,
): Result<ParameterValues<ParameterSpecs>, string> {
  const values = readParameters(definition.parameters, new Map(Object.entries(texts)));
  if (!values.ok) return err(values.error.map(describeProblem).join('; '));
  const problem = definition.check?.(values.value);
  return problem === undefined ? ok(values.value) : err(problem);
}

/** The values of texts that have been checked. */
export function readValues(definition: StrategyDefinition, texts: Texts): ParameterValues<ParameterSpecs> {
  const values = checkValues(definition, texts);
  invariant(values.ok, 'parameters are checked before a strategy is made with them');
  return values.value;
}

function describeProblem(problem: ParameterProblem): string {
  switch (problem.reason) {
    case 'unknown_parameter':
      return `there is no parameter ${problem.name} (there are ${problem.known.join(', ')})`;
    case 'not_a_value':
      return `${problem.name}=${problem.was}: expected ${problem.expected}`;
    case 'out_of_bounds':
      return `${problem.name}=${problem.was}: must be ${problem.bounds}`;
  }
}
