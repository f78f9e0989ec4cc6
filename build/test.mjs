import { installIfStale } from './start/dependencies.mjs';
import { installTestPrograms } from './test/debian-packages.mjs';
import { findOrInstallChromium } from './test/find-chromium.mjs';
import { builds, check, seconds, vitest } from './test/rings.mjs';

/**
 * `npm test`: every ring that needs no lab, from a fresh clone on. A ring that fails does not stop the others.
 * The last line is `N passed, N failed`, with `, N skipped` where something was.
 */
const rings = {
  check,
  unit: () => vitest('unit'),
  component: () => vitest('component'),
  build: builds,
  'end to end': endToEnd,
};

function endToEnd() {
  const chromium = findOrInstallChromium();
  if (chromium.path !== undefined) return vitest('e2e', { CHROMIUM_PATH: chromium.path });
  // A CI machine without the browser would pass by leaving out the most telling ring.
  if (process.env.CI !== undefined) return { passed: 0, failed: 1, skipped: [], failures: [chromium.why], reasons: [] };
  const skipped = [{ file: 'test/e2e', name: 'all browser tests', note: chromium.why }];
  return { passed: 0, failed: 0, skipped, failures: [], reasons: [] };
}

try {
  installIfStale();
  installTestPrograms();
} catch (error) {
  console.log(`${error.message}\n0 passed, 1 failed`);
  process.exit(1);
}

const results = [];
for (const [name, run] of Object.entries(rings)) {
  console.log(`\n=== ${name}`);
  const startedAt = Date.now();
  results.push({ name, counts: await run(), time: seconds(startedAt) });
}

console.log('\n=== result');
for (const { name, counts, time } of results)
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped in ${time}`);
for (const { name, counts } of results)
  for (const failure of counts.failures) console.log(`failed (${name}): ${failure}`);
for (const { counts } of results) {
  for (const reason of counts.reasons) console.log(`skipping: ${reason}`);
  for (const { file, name, note } of counts.skipped) console.log(`skipped: ${file}: ${name}${note ? `: ${note}` : ''}`);
}
const total = (pick) => results.reduce((sum, { counts }) => sum + pick(counts), 0);
const [passed, failed, skipped] = [total((c) => c.passed), total((c) => c.failed), total((c) => c.skipped.length)];
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
