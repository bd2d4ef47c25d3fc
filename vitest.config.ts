import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.stryker-tmp/**'],
    // The tests share nothing that could leak, and one worker for many files is three times as fast.
    isolate: false,
    maxWorkers: 2,
    // Not a limit on speed: only what hangs for ever is ended.
    testTimeout: 120_000,
    reporters: ['default', new ClosingLine()],
    coverage: {
      provider: 'v8',
      reporter: ['text', 'html'],
      include: ['{core,strategies,research,adapters,services,simulation,shared,cli}/**/*.ts'],
      exclude: ['**/*.test*.ts', '**/reference/**'],
      thresholds: {
        'core/{money,portfolio,risk}/**/*.ts': { lines: 100, branches: 100 },
      },
    },
  },
});
