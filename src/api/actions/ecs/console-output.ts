/** Ecs 2014-05-26, GetInstanceConsoleOutput. */
import { z } from 'zod'
import { defineAction } from '../../action.ts'
import { flag, text } from '../../params.ts'
import { found } from '../../require.ts'
import { seconds } from '../../results.ts'
import { ownInstance } from './instances.ts'

const result = z.object({ InstanceId: z.string(), ConsoleOutput: z.string(), LastUpdateTime: z.string() })

export const getInstanceConsoleOutput = defineAction({
  product: 'Ecs',
  name: 'GetInstanceConsoleOutput',
  summary: {
    en: 'Returns the end of an instance’s console log, at most 64 KB, as base64.',
    zh: '获取一台实例的系统命令行输出，数据以Base64编码后返回。',
  },
  status: 'full',
  params: z.object({ InstanceId: text(), RemoveSymbols: flag().optional() }),
  result,
  effect: 'read',
  errors: ['InvalidInstanceId.NotFound', 'ServiceUnavailable'],
  handler: async (context, { InstanceId }) => {
    const { id } = await ownInstance(context, InstanceId)
    return { InstanceId: id, ConsoleOutput: '', LastUpdateTime: '' }
  },
  complete: async ({ console }, answer, { RemoveSymbols }) => {
    const { output, changedAtMs } = found(await console(answer.InstanceId), 'ServiceUnavailable')
    return {
      ...answer,
      ConsoleOutput: RemoveSymbols === true ? withoutSymbols(output) : output,
      LastUpdateTime: changedAtMs === undefined ? '' : seconds(new Date(changedAtMs).toISOString()),
    }
  },
})

/** What begins with the escape character, such as a colour. */
const sequences = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g')

/** Without what only a terminal understands: colours, cursor movements, and other control characters. */
function withoutSymbols(output: string): string {
  const log = Buffer.from(output, 'base64').toString()
  const plain = log.replace(sequences, '').replace(/\p{Cc}/gu, (sign) => (/\s/.test(sign) ? sign : ''))
  return Buffer.from(plain).toString('base64')
}
