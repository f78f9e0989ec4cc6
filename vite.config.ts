import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The window: one page for both hosts. Electron 45 carries Chromium 140 and later; the system's browser is about as new. */
export default defineConfig({
  root: at('renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: at('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    sourcemap: false,
    license: { fileName: 'licences.json' },
    // The Content-Security-Policy allows neither inline scripts nor data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
