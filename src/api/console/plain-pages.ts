/**
 * The console's files, read once at start (the server may lose the right to read them when it drops its
 * privilege). The browser gets the TypeScript with its types blanked out by the runtime: there is no build step.
 * That happens at the first request for a file, because it costs 30 MB that a server without a console visitor saves.
 */
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'

const folder = fileURLToPath(new URL('../../../console', import.meta.url))

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
}

const headers = {
  'content-security-policy': "default-src 'self'; img-src data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

/** Serves `/` as the page itself; mount it under `/console`. */
export function createPlainPages(): Hono {
  const files = new Map(
    globSync(['index.html', 'style.css', 'app/*.ts'], { cwd: folder }).map((name) => [
      `/${name}`,
      lazyBody(name, readFileSync(`${folder}/${name}`, 'utf8')),
    ]),
  )
  const app = new Hono()
  app.get('*', (context) => {
    if (context.req.path === '/console') return context.redirect('/console/')
    const name = context.req.path.replace(/^\/console/, '').replace(/^\/$/, '/index.html')
    const body = files.get(name)
    if (!body) return context.text('not found', 404)
    return context.body(body(), 200, { ...headers, 'content-type': contentTypes[extname(name)] ?? '' })
  })
  return app
}

function lazyBody(name: string, text: string): () => string {
  let body = name.endsWith('.ts') ? undefined : text
  return () => (body ??= stripTypeScriptTypes(text))
}
