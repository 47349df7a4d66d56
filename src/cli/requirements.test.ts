import { expect, test } from 'vitest'
import { missingTools, packagesOf, tools, toolsFor } from './requirements.ts'

test('each use needs what the narrower ones need', () => {
  const run = toolsFor('run').map(({ command }) => command)
  const quickstart = toolsFor('quickstart').map(({ command }) => command)
  expect(run).toContain('nft')
  expect(run).not.toContain('curl')
  expect(quickstart).toEqual(expect.arrayContaining([...run, 'curl']))
  expect(toolsFor('test').map(({ command }) => command)).not.toContain('wrk')
  expect(toolsFor('bench')).toHaveLength(tools.length)
})

test('a package is named once for all its commands', () => {
  const missing = missingTools('run', (command) => !['ip', 'tc', 'nft'].includes(command))
  expect(missing.map(({ command }) => command)).toEqual(['ip', 'tc', 'nft'])
  expect(packagesOf(missing)).toEqual(['iproute2', 'nftables'])
})
