/**
 * Resolver and health checks, in the service namespace: reads bytes from tenants, so it gives up all it can. It
 * starts as root without capabilities but the two to change its identity, and becomes nobody; low ports are open
 * to everybody in its namespace. It ends with the agent: when its input ends.
 */
import { parseArgs } from 'node:util'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import { createService } from '../agent/service.ts'
import { isServiceChange } from '../agent/service-protocol.ts'
import { dropPrivilege } from './drop-privilege.ts'

const { values } = parseArgs({
  options: { suffix: { type: 'string' }, 'drop-to': { type: 'string' } },
})
if (values.suffix === undefined) throw new Error('--suffix is missing')

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
