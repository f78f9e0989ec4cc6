import { within } from './children.ts';
import { report } from './figures.ts';
import { benchInventoryRead } from './inventory-read.ts';
import { benchSshRefresh } from './ssh-refresh.ts';
import { benchWindow } from './window.ts';

/** `npm run bench [-- a|window|e ...]`: prints one JSON line for each figure; without names, all of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  a: benchInventoryRead,
  window: benchWindow,
  e: benchSshRefresh,
};
/** A bench that takes longer than this has gone wrong. */
const limitMs = 300_000;
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`bench ${name} ...`);
  try {
    await within(limitMs, `bench ${name}`, run());
  } catch (error) {
    console.error(error);
    report({ bench: name, what: 'failed', failure: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
}
// A connection that is still open must not hold the process.
process.exit();
