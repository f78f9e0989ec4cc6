/**
 * `npm run test:lab`: brings the lab up (test/lab/README.md), runs every `*.lab.ts` against it with the lab required,
 * and takes it down again unless it was up before. Needs root on Debian.
 * The last line says `N passed, N failed, N skipped`; the exit code is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installIfStale } from './start/dependencies.mjs';
import { root } from './start/house.mjs';

/** Debian 12 and 13 with everything, and one node each with LXC alone, with libvirt alone, and with neither. */
const nodes = ['5', '--variant', 'n3=lxc-only', '--variant', 'n4=libvirt-only', '--variant', 'n5=bare'];

const state = join(process.env.WHEELHOUSE_LAB_DIR ?? '/var/cache/wheelhouse-lab', 'run', 'state.json');
let running;
let interrupted = false;

/** Runs a program in the foreground; resolves with its exit code. */
function run(file, args, env = {}) {
  return new Promise((resolve, reject) => {
    running = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    running.on('error', reject);
    running.on('close', (code) => resolve(code ?? 1));
  });
}

const lab = (...args) => run('bash', ['test/lab/lab.sh', ...args]);

/** Counts what vitest has written; a file that could not be loaded counts as one failure. */
function countTests(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests };
}

async function testAgainstLab() {
  const directory = mkdtempSync(join(tmpdir(), 'wheelhouse-lab-'));
  const report = join(directory, 'report.json');
  try {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'lab'];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await run(process.execPath, [...vitest, ...reporters, ...process.argv.slice(2)], {
      WHEELHOUSE_LAB: 'required',
    });
    const counts = existsSync(report) ? countTests(report) : { passed: 0, failed: 1, skipped: 0 };
    // an error outside of any test, or nothing to run, is a failure as well
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main() {
  installIfStale();
  const wasUp = existsSync(state);
  let counts = { passed: 0, failed: 1, skipped: 0 };
  try {
    if ((await lab('up', ...nodes)) === 0 && !interrupted) counts = await testAgainstLab();
  } finally {
    if (!wasUp && (await lab('down')) !== 0) counts.failed += 1;
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 && !interrupted ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}
await main();
