/** Mutation tests of the parts where a mistake costs money. `npm run mutation`; one folder: `-- --mutate 'core/risk/**'`. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // The tests of the core alone: those of the services need whole processes and take a hundred times as long.
  vitest: { configFile: 'vitest.config.ts', dir: 'core' },
  mutate: ['core/{money,portfolio,risk}/**/*.ts', '!**/*.test*.ts', '!**/reference/**', '!**/index.ts'],
  // Stryker rewrites tsconfig.json through a compiler interface that TypeScript 7 no longer has. No file of this
  // name exists, so there is nothing to rewrite; the tests run the sources as they stand and need none.
  tsconfigFile: 'no-tsconfig.json',
  disableTypeChecks: false,
  ignorePatterns: ['coverage', 'reports'],
  concurrency: 2,
  coverageAnalysis: 'perTest',
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'progress', 'html'],
  clearTextReporter: { allowColor: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
};
