/**
 * Resolver and health checks, in the service namespace: reads bytes from tenants, so it gives up all it can. It is
 * started with no right but to change its identity, reads its program, and becomes nobody. It ends with the
 * agent: when its input ends.
 */
import { flushCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import { createService } from '../agent/service.ts'
import { isServiceChange } from '../agent/service-protocol.ts'
import { dropPrivilege } from './drop-privilege.ts'

const { values } = parseArgs({
  options: { suffix: { type: 'string' }, 'drop-to': { type: 'string' } },
})
if (values.suffix === undefined) throw new Error('--suffix is missing')

// With NODE_COMPILE_CACHE the next start needs no TypeScript parser in memory; nobody could not write it.
flushCompileCache()
if (values['drop-to'] !== undefined) dropPrivilege(Number(values['drop-to']))

const service = createService({
  domainSuffix: values.suffix,
  send: (message) => process.stdout.write(encodeFrame(message)),
  random: Math.random,
})
// A signal to the agent's process group is not for this process: the agent decides when it ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
for await (const change of readFrames(process.stdin, isServiceChange)) service.apply(change)
service.close()
