/** The web server that loads go to: one process, which answers every request with two bytes. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { start, untilConnects } from './spawn.ts'

/** At one port or several, such as `10001-11000`; resolves when it answers. */
export async function startNginx(folder: string, netns: string, ports: string): Promise<AsyncDisposable> {
  await using scope = new AsyncDisposableStack()
  const file = join(folder, `nginx-${netns}.conf`)
  await writeFile(file, config(folder, netns, ports))
  scope.use(start(netns, 'nginx', '-c', file))
  await untilConnects(netns, '127.0.0.1', Number(ports.split('-')[0]))
  return scope.move()
}

function config(folder: string, netns: string, ports: string): string {
  return `daemon off; worker_processes 1; pid ${folder}/${netns}.pid; error_log ${folder}/nginx.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; server { listen ${ports} backlog=4096; location / { return 200 "ok"; } } }
`
}
