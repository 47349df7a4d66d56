/**
 * The built app: every file is read once at the start, for the server may lose the right to read it when it drops its privilege.
 * What is no file is a route of the app, so that links into it can be shared.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'

/** Where the launcher has it built, see `docs/design/console.md`. */
export const builtConsole = fileURLToPath(new URL('../../../console/dist', import.meta.url))

interface PageFile {
  readonly name: string
  readonly bytes: Buffer
  readonly contentType: string
  readonly etag: string
  /** The encodings there are of it, the best first. */
  readonly encoded: readonly (readonly [coding: 'br' | 'gzip', bytes: () => Buffer])[]
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const compressible = /^text\/|json|svg/

/** antd and the terminal write style elements; scripts come from the server's own files only. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const common = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Undefined when the app is not built. */
export function createBuiltPages(folder: string): Hono | undefined {
  if (!existsSync(`${folder}/index.html`)) return undefined
  const files = readFiles(folder)
  const index = files.get('index.html')
  const app = new Hono()
  app.get('*', (context) => {
    if (context.req.path === '/console') return context.redirect('/console/')
    const name = context.req.path.replace(/^\/console\//, '')
    // What looks like a file and is none must not be taken for a page: a script of an older build, say.
    const file = files.get(name) ?? (extname(name) === '' ? index : undefined)
    if (!file) return context.text('not found', 404, common)
    return answer(file, context.req.raw.headers)
  })
  return app
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  const names = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
  const packed = names.filter((name) => /\.(br|gz)$/.test(name))
  const plain = names.filter((name) => !packed.includes(name))
  return new Map(plain.map((name) => [name, readPageFile(folder, name, packed)]))
}

function readPageFile(folder: string, name: string, packed: readonly string[]): PageFile {
  const bytes = readFileSync(`${folder}/${name}`)
  const contentType = contentTypes[extname(name)] ?? 'application/octet-stream'
  const read = (suffix: string) => {
    const content = packed.includes(name + suffix) ? readFileSync(`${folder}/${name}${suffix}`) : undefined
    return content && (() => content)
  }
  const brotli = read('.br')
  const gzip = read('.gz') ?? (compressible.test(contentType) ? once(() => gzipSync(bytes)) : undefined)
  return {
    name,
    bytes,
    contentType,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    encoded: [...(brotli ? [['br', brotli] as const] : []), ...(gzip ? [['gzip', gzip] as const] : [])],
  }
}

function once<Result>(make: () => Result): () => Result {
  let made: Result | undefined
  return () => (made ??= make())
}

function answer(file: PageFile, request: Headers): Response {
  const headers = {
    ...common,
    'content-type': file.contentType,
    etag: file.etag,
    // The names of built files have their content's hash in them.
    'cache-control': /-[\w-]{8,}\.\w+$/.test(file.name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(file.encoded.length > 0 && { vary: 'accept-encoding' }),
  }
  if (request.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  const accepted = acceptedEncodings(request.get('accept-encoding') ?? '')
  const [coding, bytes] = file.encoded.find(([name]) => accepted.has(name)) ?? [undefined, () => file.bytes]
  return new Response(new Uint8Array(bytes()), {
    headers: coding === undefined ? headers : { ...headers, 'content-encoding': coding },
  })
}

function acceptedEncodings(header: string): ReadonlySet<string> {
  const codings = header
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((text) => text.trim()))
  return new Set(
    codings.filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? '')).map(([name = '']) => name),
  )
}
