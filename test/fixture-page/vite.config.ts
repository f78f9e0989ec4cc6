import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the fixture page: `npx vite build --config test/fixture-page/vite.config.ts`. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: { outDir: '../../dist/fixture-page', emptyOutDir: true, assetsInlineLimit: 0, reportCompressedSize: false },
});
