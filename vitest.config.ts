import { defineConfig } from 'vitest/config';

/**
 * Limits end what hangs; they measure nothing. Tests wait for conditions, and a machine with two busy cores may take twenty
 * times as long as an idle one.
 */
const expectations = { poll: { timeout: 30_000, interval: 50 } };

/** The rings of docs/architecture.md as projects: `npx vitest --project unit` and so on. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['electron/**/*.test.ts', 'renderer/**/*.test.ts', 'build/**/*.test.ts', 'test/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectations,
        },
      },
      {
        test: {
          name: 'component',
          include: ['renderer/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['test/patience.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectations,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectations,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.lab.ts', 'electron/**/*.lab.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 600_000,
          expect: expectations,
          fileParallelism: false,
        },
      },
    ],
  },
});
