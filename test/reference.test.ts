import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allActions } from '../src/api/actions/all.ts'
import { consoleTypes } from '../src/api/console-types.ts'
import { products } from '../src/api/products.ts'
import { referencePages } from '../src/api/reference.ts'

const pages = referencePages(allActions)

test('the pages on disk are those of the action table: run `npm run reference`', () => {
  const onDisk = readdirSync('docs/reference').map((name) => [
    name,
    readFileSync(`docs/reference/${name}`, 'utf8'),
  ])
  expect(Object.fromEntries(onDisk)).toEqual(Object.fromEntries(pages))
})

test('the console has the types of the action table: run `npm run reference`', () => {
  expect(readFileSync('console/src/api/actions.ts', 'utf8')).toBe(consoleTypes(allActions))
})

test('the index counts each status, and each note is on the page of differences', () => {
  const index = pages.get('README.md') ?? ''
  for (const { name, version } of Object.values(products)) {
    const own = allActions.filter(({ product }) => product === name)
    const full = own.filter(({ status }) => status === 'full').length
    const refused = own.filter(({ status }) => status !== 'full' && 'refused' in status).length
    const counts = [own.length, full, own.length - full - refused, refused].join(' | ')
    expect(index).toContain(`[${name}](${name.toLowerCase()}.md) | ${version} | ${counts} |`)
  }
  const differences = pages.get('differences.md') ?? ''
  for (const { name, status } of allActions) {
    const [[word, note] = []] = status === 'full' ? [] : Object.entries(status)
    if (note === undefined) continue
    expect(differences).toContain(`| \`${name}\` | ${word} | ${note} |`)
    expect(note).toMatch(/\S.*[.)]$/)
  }
})

test('an action that a note names is one', () => {
  const known = new Set(allActions.map(({ product, name }) => `${product}.${name}`))
  const productNames = Object.keys(products).join('|')
  const named = (text: string) => [...text.matchAll(new RegExp(`\`((?:${productNames})\\.\\w+)\``, 'g'))]
  const texts = [...pages.values()].flatMap(named).map(([, name]) => name)
  expect(texts.length).toBeGreaterThan(0)
  expect(texts.filter((name) => name === undefined || !known.has(name))).toEqual([])
})

test('every action is on a page, with a summary in both languages', () => {
  const text = [...pages.values()].join('\n')
  for (const { name, summary } of allActions) {
    expect(text).toContain(`## ${name}\n`)
    expect(summary.en).toMatch(/\S/)
    expect(summary.zh).toMatch(/\p{Script=Han}/u)
  }
})
