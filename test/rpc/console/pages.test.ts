/** The built app's files over HTTP. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Hono } from 'hono'
import { createBuiltPages } from '../../../src/api/console/built-pages.ts'

const script = 'console.log("the app");'.repeat(50)
let folder: string
let app: Hono
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-dist-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Postern</title>')
  await writeFile(join(folder, 'assets', 'main-BcD3f_g1.js'), script)
  await writeFile(join(folder, 'assets', 'packed-Zz09-_Aa.js'), script)
  await writeFile(join(folder, 'assets', 'packed-Zz09-_Aa.js.br'), brotliCompressSync(script))
  const pages = createBuiltPages(folder)
  if (!pages) throw new Error('the app is there')
  app = new Hono().route('/console', pages)
})
afterAll(() => rm(folder, { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(`http://console.example${path}`, { headers })

test('the page, for every route of the app, under a strict policy', async () => {
  for (const path of ['/console/', '/console/eu-central-1/vpcs/vpc-1', '/console/sign-in']) {
    const page = await get(path)
    expect(await page.text()).toContain('<title>Postern')
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const policy = page.headers.get('content-security-policy') ?? ''
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      expect(policy.split('; ')).toContain(rule)
    }
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  }
  expect((await get('/console')).headers.get('location')).toBe('/console/')
})

test('hashed files stay in the cache for ever; unknown ones are not taken for pages', async () => {
  const file = await get('/console/assets/main-BcD3f_g1.js')
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await file.text()).toBe(script)
  for (const path of [
    'assets/gone-00000000.js',
    '..%2f..%2fpackage.json',
    '../package.json',
    'assets/packed-Zz09-_Aa.js.br',
  ]) {
    expect((await get(`/console/${path}`)).status).toBe(404)
  }
})

test('compressed as the browser takes it, and not sent twice', async () => {
  const packed = await get('/console/assets/packed-Zz09-_Aa.js', { 'accept-encoding': 'gzip, deflate, br' })
  expect(packed.headers.get('content-encoding')).toBe('br')
  expect(packed.headers.get('vary')).toBe('accept-encoding')
  const zipped = await get('/console/assets/main-BcD3f_g1.js', { 'accept-encoding': 'br;q=0, gzip' })
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(script)
  const again = await get('/console/', {
    'if-none-match': (await get('/console/')).headers.get('etag') ?? '',
  })
  expect(again.status).toBe(304)
})

test('without a build there are no pages', () => {
  expect(createBuiltPages(join(folder, 'assets'))).toBeUndefined()
})
