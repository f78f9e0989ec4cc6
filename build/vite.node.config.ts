import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Packages with native parts, or that find their own files at run time, stay packages; everything else is bundled.
 * See docs/decisions/0006.
 */
const outside = [/^node:/, 'electron', '@photostructure/sqlite', /^@napi-rs\/keyring/, 'ssh2', 'node-ssh'];

/** What runs on Node, by its folder under electron/ and under dist/. Each is built by itself: `vite build --mode shell`. */
const entries: Readonly<Record<string, { readonly file: string; readonly format: 'es' | 'cjs' }>> = {
  'host-node': { file: 'main', format: 'es' },
  cli: { file: 'main', format: 'es' },
  shell: { file: 'main', format: 'es' },
  // The thread that writes the inventory; `electron/storage` starts it by this name.
  storage: { file: 'inventory-writer', format: 'es' },
  // Simulated clusters alone, for benches and by hand: `npm run demo -- --nodes 100 --guests 10000`.
  demo: { file: 'main', format: 'es' },
  // A sandboxed preload must be CommonJS and stand alone.
  preload: { file: 'preload', format: 'cjs' },
};

export default defineConfig(({ mode }) => {
  const entry = entries[mode];
  if (entry === undefined) throw new RangeError(`--mode must be one of ${Object.keys(entries).join(', ')}`);
  const extension = entry.format === 'cjs' ? 'cjs' : 'js';
  return {
    root: at('.'),
    publicDir: false,
    ssr: { noExternal: true },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ssr: true,
      outDir: at(`dist/${mode}`),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      sourcemap: false,
      license: { fileName: 'licences.json' },
      reportCompressedSize: false,
      rolldownOptions: {
        input: { [entry.file]: at(`electron/${mode}/${entry.file}.ts`) },
        external: outside,
        output: { format: entry.format, entryFileNames: `[name].${extension}`, chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
});
