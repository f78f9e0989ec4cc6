// `npm run bench [-- NAME ...]`: builds the app and the bench, then runs it. Figures are JSON lines on standard output.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { outsidePackages } from './parts.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const built = spawnSync(process.execPath, ['build/build.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
if (built.status !== 0) process.exit(built.status ?? 1);
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: `${root}dist/bench`,
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: {
      input: { main: `${root}test/bench/main.ts`, 'cluster-process': `${root}test/bench/cluster-process.ts` },
      external: [/^node:/, 'playwright-core', ...outsidePackages],
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
const run = spawnSync(process.execPath, ['dist/bench/main.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
