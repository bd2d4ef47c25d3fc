export { nameProblemIn, tooDeepAt } from './json-names.ts';
export {
  describeRiskLimitsProblem,
  fieldProblemsOf,
  parseRiskLimits,
  type ReadLimits,
  type RiskLimitsProblem,
  readRiskLimits,
} from './read-risk-limits.ts';
export { limitsOf, RISK_LIMITS_FILE, type RiskLimitsFile } from './schema.ts';
