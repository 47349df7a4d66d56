/** A real HTTP or HTTPS request from inside an instance, sent by curl. */
import type { Run } from './run.ts'

export interface RequestProbe {
  readonly run: Run
  readonly instance: string
  readonly seconds: number
  readonly scheme: 'http' | 'https'
  readonly address: string
  readonly port: number
  readonly host: string
  readonly path: string
}

/** The status of the answer, 0 without one; undefined where there is no curl. Whose certificate it is does not matter. */
export async function requestStatus(probe: RequestProbe): Promise<number | undefined> {
  const { scheme, address, port, host, path } = probe
  const script = 'command -v curl >/dev/null && exec curl "$@"'
  const quiet = ['-sk', '-g', '--path-as-is', '-o', '/dev/null', '-w', '%{http_code}']
  const there = ['-m', String(probe.seconds), '--connect-to', `::${address}:${port}`]
  const url = `${scheme}://${host}:${port}${path}`
  const command = ['sh', '-c', script, 'sh', ...quiet, ...there, url]
  const { stdout } = await probe.run(probe.instance, command)
  return stdout === '' ? undefined : Number(stdout)
}
