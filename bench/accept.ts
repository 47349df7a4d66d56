/** Time from the answer to EnableVpcEndpointConnection to the first byte that comes through the link. */
import { readFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startDeployment, until } from './deployment.ts'
import { makeConsumer, makeEndpoint, makeInstance, makeProvider } from './topology.ts'

const firstByte = fileURLToPath(new URL('first-byte.ts', import.meta.url))
const httpServer = fileURLToPath(new URL('../examples/http-server.pl', import.meta.url))

/** Milliseconds, one a round. */
export async function measureAccept(
  state: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<number[]> {
  await using deployment = await startDeployment(state)
  const { call } = deployment
  const { service } = await makeProvider(deployment, await readFile(httpServer, 'utf8'), false)
  const consumer = await makeConsumer(deployment)
  const instance = await makeInstance(deployment, consumer.vswitch, consumer.group, '')
  const { endpoint, address } = await makeEndpoint(deployment, service, consumer, ['Wait'])
  const ids = { ServiceId: service, EndpointId: endpoint }
  const connection = (wanted: string) =>
    until(`the connection to be ${wanted}`, async () => {
      const answer = await call('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: endpoint })
      return answer['ConnectionStatus'] === wanted || undefined
    })
  const samples: number[] = []
  for (let round = 1; round <= rounds; round++) {
    progress(`accept, round ${round}/${rounds}`)
    using client = watch(deployment.netns(instance), address)
    await client.ready
    await call('Privatelink', 'EnableVpcEndpointConnection', ids)
    const answered = process.hrtime.bigint()
    samples.push(Math.max(0, Number((await client.firstByteAt) - answered) / 1e6))
    await connection('Connected')
    await call('Privatelink', 'DisableVpcEndpointConnection', ids)
    await connection('Disconnected')
  }
  return samples
}

/** A client in the namespace that tries until a byte comes. The monotonic clock is the same in all processes. */
function watch(netns: string, address: string) {
  const child = spawn('ip', ['netns', 'exec', netns, process.execPath, firstByte, address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the client ended early')
    return value
  }
  const ready = line()
  return {
    ready,
    firstByteAt: ready.then(line).then(BigInt),
    [Symbol.dispose]() {
      child.kill()
    },
  }
}
