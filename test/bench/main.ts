import { benchInventoryRead } from './inventory-read.ts';
import { benchSshRefresh } from './ssh-refresh.ts';
import { benchWindow } from './window.ts';

/** `npm run bench [-- a|window|e ...]`: prints one JSON line for each figure; without names, all of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  a: benchInventoryRead,
  window: benchWindow,
  e: benchSshRefresh,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`bench ${name} ...`);
  await run();
}
process.exit(0);
