import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { buildIfStale } from '../start/builds.mjs';
import { readText, root } from '../start/house.mjs';

/** What one ring found. `reasons`: lines by which tests said why they skip. */
const nothing = () => ({ passed: 0, failed: 0, skipped: [], failures: [], reasons: [] });

/** The commands of `npm run check`, each counted as one test. */
export async function check() {
  const counts = nothing();
  const { scripts } = JSON.parse(readText(`${root}package.json`));
  for (const command of scripts.check.split('&&').map((part) => part.trim())) {
    const startedAt = Date.now();
    const { code } = await run(command, {});
    console.log(`  ${command}: ${code === 0 ? 'passed' : 'failed'} (${seconds(startedAt)})`);
    if (code === 0) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(command);
    }
  }
  return counts;
}

/** Builds what is stale; one test. */
export function builds() {
  try {
    buildIfStale();
    return { ...nothing(), passed: 1 };
  } catch (error) {
    return { ...nothing(), failed: 1, failures: [error.message] };
  }
}

/** One project of vitest.config.ts. */
export async function vitest(project, env = {}) {
  const folder = `${root}.cache/test`;
  const file = `${folder}/${project}.json`;
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const reporters = `--reporter=dot --reporter=./build/test/count-reporter.mjs`;
  const { code, text } = await run(`vitest run --project ${project} ${reporters}`, {
    ...env,
    WHEELHOUSE_TEST_COUNTS: file,
  });
  const reasons = [...new Set(text.match(/^skipped[:,] .*$/gm) ?? [])].map((line) => line.slice(9));
  const written = readText(file);
  if (written === undefined) return { ...nothing(), failed: 1, failures: [`vitest ended with ${code} and no counts`] };
  const counts = JSON.parse(written);
  // E.g. no test files, or a worker that died.
  if (code !== 0 && counts.failed === 0) {
    counts.failed++;
    counts.failures.push(`vitest ended with ${code}`);
  }
  return { ...counts, reasons };
}

/** Runs a command line of ours, shows what it says, and gives it back too. */
function run(command, env) {
  const child = spawn(command, {
    cwd: root,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${root}node_modules/.bin${delimiter}${process.env.PATH}`,
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
      ...env,
    },
  });
  let text = '';
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (part) => {
      text += part;
      process[stream].write(part);
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, text }));
  });
}

/** Time since then, for people. */
export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}
