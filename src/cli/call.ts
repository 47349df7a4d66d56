/** `postern call`: any action of the table, its help and its parameters' names taken from there. */
import { readFileSync } from 'node:fs'
import type { Action } from '../api/action.ts'
import { products } from '../api/products.ts'
import { CallError, client, type Profile } from './client.ts'
import { describe } from './deployment.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import { requireConfig, type StatePaths } from './state.ts'

export interface CallRequest {
  readonly product: string
  readonly action: string | undefined
  readonly parameters: readonly string[]
}

export async function call(
  request: CallRequest,
  actions: readonly Action[],
  profile: () => Profile,
  screen: Screen,
): Promise<void> {
  const product = Object.values(products).find(
    ({ name }) => name.toLowerCase() === request.product.toLowerCase(),
  )?.name
  if (!product) throw new Failure(2, screen.messages.unknownProduct(request.product, Object.keys(products)))
  const offered = actions.filter((action) => action.product === product)
  if (request.action === undefined) return listActions(offered, screen)
  const action = offered.find(({ name }) => name.toLowerCase() === request.action?.toLowerCase())
  if (!action) throw new Failure(2, screen.messages.unknownAction(request.action, product))
  const parameters = Object.fromEntries(request.parameters.map((text) => readParameter(text, screen)))
  try {
    const answer = await client(profile())(product, action.name, parameters)
    if (screen.json) screen.result(answer)
    else screen.say(JSON.stringify(answer, undefined, 2))
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    screen.result({ Code: error.code, Message: error.message, RequestId: error.requestId })
    throw new Failure(1, `${error.message} (${error.requestId})`, { cause: error })
  }
}

/** The deployment's address, and the key from the variables that the SDKs read too. */
export function profileOf(paths: StatePaths, env: NodeJS.ProcessEnv, screen: Screen): Profile {
  const { endpoint, ca } = describe(paths, requireConfig(paths, screen.messages))
  const accessKeyId = env['ALIBABA_CLOUD_ACCESS_KEY_ID']
  const accessKeySecret = env['ALIBABA_CLOUD_ACCESS_KEY_SECRET']
  if (!accessKeyId || !accessKeySecret) throw new Failure(2, screen.messages.noCredentials)
  const region = env['ALIBABA_CLOUD_REGION_ID'] ?? 'eu-central-1'
  return { endpoint, ca: readFileSync(ca, 'utf8'), region, accessKeyId, accessKeySecret }
}

function readParameter(text: string, screen: Screen): [string, string] {
  const [, name, value] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Failure(2, screen.messages.badParameter(text))
  return [name, value]
}

function listActions(offered: readonly Action[], screen: Screen): void {
  const rows = offered.map((action) => [
    action.name,
    screen.text(action.summary),
    Object.entries(action.params.shape)
      .map(([name, type]) => (type.safeParse(undefined).success ? `[${name}]` : name))
      .join(' '),
  ])
  for (const line of table(rows)) screen.say(line)
  screen.result({
    actions: offered.map(({ name, summary, effect, params }) => ({
      name,
      summary: screen.text(summary),
      effect,
      parameters: Object.keys(params.shape),
    })),
  })
}
