import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A Vitest reporter that writes what `npm test` counts to the file that WHEELHOUSE_TEST_COUNTS names. */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [], failures: [] };
    for (const error of unhandledErrors) counts.failures.push(`outside of any test: ${error.message}`);
    for (const module of modules) countModule(module, counts);
    writeFileSync(process.env.WHEELHOUSE_TEST_COUNTS, JSON.stringify(counts));
  }
}

function countModule(module, counts) {
  const file = relative(process.cwd(), module.moduleId);
  // A file or a hook that fails takes its tests with it, which must not look like fewer tests.
  const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  counts.failed += broken.length;
  for (const suite of broken) counts.failures.push(`${file}: ${suite.errors()[0].message.split('\n')[0]}`);
  for (const test of module.children.allTests()) {
    const { state, note } = test.result();
    if (state === 'passed') counts.passed++;
    else if (state === 'failed') {
      counts.failed++;
      counts.failures.push(`${file}: ${test.fullName}`);
    } else counts.skipped.push({ file, name: test.fullName, note });
  }
}
