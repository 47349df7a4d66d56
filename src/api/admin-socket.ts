import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export interface AdminSocket {
  readonly close: () => Promise<void>
}

/** Serves `app` on the unix socket `path`, for its owner only. */
export async function listenOnSocket(app: Pick<Hono, 'fetch'>, path: string): Promise<AdminSocket> {
  if (await isServed(path)) throw new Error(`another server is listening on ${path}`)
  await rm(path, { force: true })
  const serve = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // The socket must never be open to others, not even until a chmod: node makes the file within this call.
    const umask = process.umask(0o177)
    try {
      server.listen(path, resolve)
    } finally {
      process.umask(umask)
    }
  })
  return {
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeIdleConnections()
      }),
  }
}

/** A socket file without a listener is what a killed server leaves. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}
