import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until, type Deployment } from './deployment.ts'
import { command } from './spawn.ts'

const postern = fileURLToPath(new URL('../postern', import.meta.url))

/** Kills the agent as a crash would, starts it again, and gives the milliseconds until all is in the kernel. */
export async function restartAgent(deployment: Deployment): Promise<number> {
  const pid = deployment.pid('agent')
  process.kill(pid, 'SIGKILL')
  await until('the agent to be gone', async () => ((await exists(pid)) ? undefined : true))
  const start = performance.now()
  await command(postern, 'up', '--state', deployment.state)
  await until('everything to be in the kernel', () => ready(deployment))
  return performance.now() - start
}

export async function ready(deployment: Deployment): Promise<true | undefined> {
  const status = await adminStatus(join(deployment.state, 'server', 'admin.sock'))
  return status.ready && status.problems.length === 0 ? true : undefined
}

async function exists(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}

function adminStatus(socketPath: string): Promise<{ ready: boolean; problems: unknown[] }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path: '/status' }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve(JSON.parse(body) as { ready: boolean; problems: unknown[] }))
    })
      .on('error', reject)
      .end()
  })
}
