import { defineConfig } from 'vitest/config'

/** What others do at the same time is in what these measure. */
const measured = ['test/netns/dataplane.test.ts', 'test/netns/system/bandwidth.test.ts']

/**
 * `unit` needs no privilege; `netns` needs root and makes real network namespaces; `console` drives Chromium on a deployment.
 * Files of `netns` mostly wait (for a check, a minute, a timer), so more of them run than a small machine has cores:
 * each has deployments and namespaces of its own. Those that measure rates follow, one by one.
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
          exclude: measured,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'netns-alone',
          include: measured,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
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
