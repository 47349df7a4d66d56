import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which folder of src/ may import which others. An edge that is not here needs a reason and a line here. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  lists: [],
  model: [],
  settings: [],
  plan: ['lists'],
  compile: ['lists', 'model', 'plan'],
  protocol: ['plan'],
  store: ['lists', 'model'],
  reconcile: ['lists', 'model', 'settings', 'plan', 'compile', 'store', 'protocol'],
  explain: ['model'],
  monitor: ['model', 'settings', 'store', 'protocol'],
  // Real packets and the judgement compared; both who is asked by a person and who is asked by a browser do it.
  probe: ['explain', 'model', 'protocol'],
  api: ['explain', 'model', 'settings', 'probe', 'store', 'protocol'],
  // How many source ports a connection has, and when it is short of them, is one rule for those who plan, count and report.
  dataplane: ['lists', 'model', 'plan', 'protocol'],
  health: ['plan', 'protocol'],
  dns: ['lists', 'model', 'plan'],
  flows: ['plan', 'dataplane', 'health'],
  flowlog: ['lists', 'plan', 'dataplane', 'health'],
  proxy: ['plan'],
  relay: ['model', 'plan'],
  sandbox: ['plan', 'protocol'],
  cli: ['api', 'explain', 'flowlog', 'model', 'plan', 'probe', 'protocol'],
  agent: [
    'lists',
    'model',
    'settings',
    'plan',
    'protocol',
    'dataplane',
    'health',
    'dns',
    'flows',
    'flowlog',
    'proxy',
    'relay',
    'sandbox',
  ],
  quickstart: ['cli', 'api', 'model', 'probe'],
}

const files = globSync('src/**/*.ts').filter((file) => !file.endsWith('.test.ts'))
const importsOf = new Map(files.map((file) => [normalize(file), importsIn(file)]))

function importsIn(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].map((match) => match[1] ?? '')
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
  )
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? ''
}

describe('import rules', () => {
  test.each([...importsOf].filter(([file]) => folderOf(file) !== 'cmd'))('%s', (file, imports) => {
    const folder = folderOf(file)
    const foreign = imports
      .filter((target) => target.startsWith('src/'))
      .map(folderOf)
      .filter((target) => target !== folder && !allowed[folder]?.includes(target))
    expect(foreign).toEqual([])
  })

  test('lists, the model, the plan, the compiler and the explanation touch nothing outside themselves', () => {
    const outside = [...importsOf]
      .filter(([file]) => ['lists', 'model', 'compile', 'plan', 'explain'].includes(folderOf(file)))
      .flatMap(([, imports]) =>
        imports.filter((target) => !target.startsWith('src/') && target !== 'node:crypto'),
      )
    expect(outside).toEqual([])
  })
})

describe('the privileged program is small', () => {
  test.each(['src/cmd/agent.ts', 'src/cmd/service.ts'])('%s reaches no SQL and no web framework', (entry) => {
    const reached = reach(entry)
    expect(reached).toContain(entry)
    for (const forbidden of ['kysely', 'node:sqlite', 'pg', 'hono', '@hono/node-server']) {
      expect(reached).not.toContain(forbidden)
    }
  })
})

function reach(entry: string, seen = new Set<string>()): string[] {
  if (!seen.has(entry)) {
    seen.add(entry)
    for (const target of importsOf.get(entry) ?? []) reach(target, seen)
  }
  return [...seen]
}
