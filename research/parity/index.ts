export type { Compared, DifferenceClass } from './compare.ts';
export { compareSession, describeParity, type ParityReport } from './report.ts';
export {
  PARITY_KINDS,
  type ParityInput,
  type ParitySession,
  type ParityStrategy,
} from './session.ts';
