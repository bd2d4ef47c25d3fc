export { checkStrategies, fullParameters } from './check-strategies.ts';
export { type ConfigurationProblem, describeConfigurationProblem } from './problem.ts';
export { readConfiguration } from './read-configuration.ts';
export type { Configuration, StrategyConfiguration } from './schema.ts';
export { resolveSecret, Secret, type SecretProblem, type SecretSources } from './secrets.ts';
