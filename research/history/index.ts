export { fingerprintOf } from './fingerprint.ts';
export { type LoadedBars, type LoadedSeries, type LoadOptions, loadBars } from './load-bars.ts';
export { type DataProblem, type DataProblemKind, describeProblem, type Field } from './problem.ts';
export { generateBars, type SyntheticOptions } from './synthetic.ts';
