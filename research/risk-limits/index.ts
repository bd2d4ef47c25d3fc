export {
  describeRiskLimitsProblem,
  type ReadLimits,
  type RiskLimitsProblem,
  readRiskLimits,
} from './read-risk-limits.ts';
