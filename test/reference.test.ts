import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allActions } from '../src/api/actions/all.ts'
import { referencePages } from '../src/api/reference.ts'

const pages = referencePages(allActions)

test('the pages on disk are those of the action table: run `npm run reference`', () => {
  const onDisk = readdirSync('docs/reference').map((name) => [
    name,
    readFileSync(`docs/reference/${name}`, 'utf8'),
  ])
  expect(Object.fromEntries(onDisk)).toEqual(Object.fromEntries(pages))
})

test('every action is on a page, with a summary in both languages', () => {
  const text = [...pages.values()].join('\n')
  for (const { name, summary } of allActions) {
    expect(text).toContain(`## ${name}\n`)
    expect(summary.en).toMatch(/\S/)
    expect(summary.zh).toMatch(/\p{Script=Han}/u)
  }
})
