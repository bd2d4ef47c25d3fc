/** `npm run check:proto`: the proto files are well written, break nobody who knows the baseline, and are what the code is made from. */
import { breakingProblems, generatedProblems, lintProblems, PROTO_FOLDER } from './proto-checks.ts';

const problems = [lintProblems, breakingProblems, generatedProblems]
  .map((check) => check(PROTO_FOLDER))
  .filter((problem) => problem !== '');
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
