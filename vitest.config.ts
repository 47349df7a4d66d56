import { defineConfig } from 'vitest/config'

/**
 * `unit` needs no privilege; `netns` needs root and makes real network namespaces; `console` drives Chromium on a deployment.
 * Files of `netns` mostly wait (for a check, a minute, a timer), so more of them run than a small machine has cores:
 * each has deployments and namespaces of its own.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/{store,rpc}/**/*.test.ts'],
          maxWorkers: 2,
          // A machine with other work is slow, not wrong.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'netns',
          include: ['test/netns/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'console',
          include: ['test/console/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
