/** Each parameter of each PrivateLink action, left out where it is required and wrong where it has a form. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Action } from '../../../src/api/action.ts'
import { allActions } from '../../../src/api/actions/all.ts'
import { unwrap } from '../../../src/api/params.ts'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, refusalOf, type Params } from './clients.ts'
import { makeParty, partyOf, type Party } from './stage.ts'

let server: RunningServer
let party: Party

beforeAll(async () => {
  server = await startServer()
  party = await makeParty(server, '12345678')
  await party.privatelink('OpenPrivateLinkService')
})

afterAll(() => server[Symbol.asyncDispose]())

const actions = allActions.filter(({ product }) => product === 'Privatelink')

/** Codes that the reference gives a parameter of its own. */
const ownCodes: Readonly<Record<string, string>> = {
  'ChangeResourceGroup without ResourceId': 'MissingParameter.ResourceId',
  'ChangeResourceGroup without ResourceGroupId': 'MissingParameter.ResourceGroupId',
  'UpdateVpcEndpointZoneConnectionResourceAttribute with a wrong ResourceAllocateMode':
    'IllegalParam.ResourceAllocateMode',
  'UpdateVpcEndpointZoneConnectionResourceAttribute with a wrong ResourceReplaceMode':
    'IllegalParam.ResourceReplaceMode',
}

interface Mistake {
  readonly title: string
  readonly action: string
  readonly params: Params
  readonly code: string
}

function fieldsOf(action: Action): readonly [name: string, type: z.ZodType][] {
  return Object.entries(action.params.shape).map(([name, type]) => [name, type as z.ZodType])
}

/** A value that the parameter takes, whether or not there is such an object. */
function good(type: z.ZodType): unknown {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) return [good(inner.element as z.ZodType)]
  if (inner instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(inner.shape).map(([key, field]) => [key, good(field as z.ZodType)]),
    )
  }
  return ['x', 'true', '1', '100'].find((value) => inner.safeParse(value).success) ?? 'x'
}

/** Values that it does not take: of the wrong form, or beyond its bounds. */
function wrong(type: z.ZodType): readonly string[] {
  const { minimum, maximum } = unwrap(type).meta() ?? {}
  const beyond =
    minimum === undefined || maximum === undefined ? [] : [String(minimum - 1), String(maximum + 1)]
  return [...beyond, '?!', 'x'.repeat(300)].filter((value) => !unwrap(type).safeParse(value).success)
}

function required(action: Action): Params {
  const fields = fieldsOf(action).filter(([, type]) => !type.safeParse(undefined).success)
  return Object.fromEntries(fields.map(([name, type]) => [name, good(type)]))
}

function mistakesOf(action: Action): readonly Mistake[] {
  const { name: at } = action
  const all = required(action)
  const missing = Object.keys(all).map((name): Mistake => {
    const title = `${at} without ${name}`
    const params = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name))
    return { title, action: at, params, code: ownCodes[title] ?? `MissingParam.${name}` }
  })
  const illegal = fieldsOf(action).flatMap(([name, type]) => {
    if (unwrap(type) instanceof z.ZodArray) return []
    const title = `${at} with a wrong ${name}`
    const code = ownCodes[title] ?? `IllegalParamFormat.${name}`
    return wrong(type).map((value): Mistake => ({
      title,
      action: at,
      params: { ...all, [name]: value },
      code,
    }))
  })
  return [...missing, ...illegal]
}

describe.each(actions.map((action) => [action.name, mistakesOf(action)] as const))('%s', (name, mistakes) => {
  const shared =
    actions.find((action) => action.name === name)?.effect === 'write'
      ? [
          { params: { DryRun: 'perhaps' }, code: 'IllegalParamFormat.DryRun' },
          { params: { ClientToken: 'x'.repeat(65) }, code: 'IllegalParamFormat.ClientToken' },
          { params: { ClientToken: '名' }, code: 'IllegalParamFormat.ClientToken' },
        ]
      : []
  const general = { params: { RegionId: 'mars-1' }, code: 'InvalidParameter' }
  const cases = [
    ...mistakes.map(({ title, params, code }) => ({ title, params, code })),
    ...[...shared, general].map((mistake) => ({
      title: `with ${JSON.stringify(mistake.params)}`,
      ...mistake,
    })),
  ]

  test.each(cases)('$title: $code', async ({ params, code }) => {
    for (const family of families) {
      const { privatelink } = partyOf(server, party.credentials, family, 'HTTP')
      expect((await refusalOf(privatelink(name, params)))?.code).toBe(code)
    }
  })
})
