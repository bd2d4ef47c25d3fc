import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Ends a run with the names of the skipped tests and one plain line, 'N passed, N failed'. */
export class ClosingLine implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const skipped: string[] = [];
    let passed = 0;
    // A file that does not load and an error outside every test have no test that could fail for them.
    let failed = unhandledErrors.length;
    for (const module of modules) {
      passed += [...module.children.allTests('passed')].length;
      failed += [...module.children.allTests('failed')].length + module.errors().length;
      for (const test of module.children.allTests('skipped')) {
        skipped.push(`skipped: ${module.relativeModuleId}: ${test.fullName}`);
      }
    }
    // A run that was asked for some tests by name skips all the others, which is no news.
    const lines = this.vitest?.config.testNamePattern === undefined ? skipped : [];
    this.vitest?.logger.log([...lines, `${passed} passed, ${failed} failed`].join('\n'));
  }
}
