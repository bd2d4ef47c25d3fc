export {
  describeRiskLimitsProblem,
  fieldProblemsOf,
  type ReadLimits,
  type RiskLimitsProblem,
  readRiskLimits,
} from './read-risk-limits.ts';
export { limitsOf, RISK_LIMITS_FILE, type RiskLimitsFile } from './schema.ts';
