import { describe, expect, test } from 'vitest'
import type { Call } from '../cli/client.ts'
import { CallError } from '../cli/client.ts'
import { containsAddress, containsBlock, parseAddress, parseCidr } from '../model/ipv4.ts'
import { summary, textAt } from './answer.ts'
import { countShare, isShare } from './backends.ts'
import { play, Recorder, type StepResult } from './play.ts'
import { bar } from './printing.ts'
import { crossAccount, sameAccount } from './scenario.ts'
import { Stage } from './stage.ts'
import type { Step } from './step.ts'
import { stepsOf } from './walkthrough.ts'

const scenarios = [sameAccount, crossAccount]

describe.each(scenarios)('the data of $id', ({ vpc1, vpc2, endpointVSwitch }) => {
  const block = (text: string) => {
    const cidr = parseCidr(text)
    if (!cidr) throw new Error(`${text} is no block`)
    return cidr
  }

  test('every vSwitch lies in its VPC and every instance in its vSwitch', () => {
    expect(containsBlock(block(vpc1.cidr), block(vpc1.vswitch))).toBe(true)
    expect(containsBlock(block(vpc2.cidr), block(vpc2.vswitch))).toBe(true)
    if (endpointVSwitch !== undefined) {
      expect(containsBlock(block(vpc1.cidr), block(endpointVSwitch))).toBe(true)
      expect(containsBlock(block(vpc1.vswitch), block(endpointVSwitch))).toBe(false)
    }
    expect(containsAddress(block(vpc1.vswitch), parseAddress(vpc1.client) ?? -1)).toBe(true)
    for (const { address } of vpc2.backends) {
      expect(containsAddress(block(vpc2.vswitch), parseAddress(address) ?? -1)).toBe(true)
    }
  })
})

test('across accounts both sides have the same addresses', () => {
  expect(crossAccount.vpc1.cidr).toBe(crossAccount.vpc2.cidr)
  expect(crossAccount.vpc1.vswitch).toBe(crossAccount.vpc2.vswitch)
})

test.each(scenarios)('the steps of $id have ids of their own', (scenario) => {
  const ids = stepsOf(scenario).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.indexOf('before-accept')).toBeLessThan(ids.indexOf('accept'))
})

describe('shares', () => {
  test('answers are counted by name, other lines are not', () => {
    expect(countShare('ECS2\nECS3\necs2\n\nerror ECS2\n')).toEqual({ ECS2: 2, ECS3: 1 })
  })

  test.each([
    [{ ECS2: 30, ECS3: 30 }, 100, 100, true],
    [{ ECS2: 36, ECS3: 24 }, 100, 100, true],
    [{ ECS2: 37, ECS3: 23 }, 100, 100, false],
    [{ ECS2: 60, ECS3: 0 }, 100, 100, false],
    [{ ECS2: 40, ECS3: 20 }, 100, 50, true],
    [{ ECS2: 30, ECS3: 30 }, 100, 50, false],
    [{ ECS2: 30, ECS3: 29 }, 100, 100, false],
  ])('%j for %d to %d: %s', (found, ecs2, ecs3, expected) => {
    expect(isShare(found, ecs2, ecs3)).toBe(expected)
  })
})

test('an answer is read by path, and what is missing is named', () => {
  const answer = { RequestId: 'R', A: { B: 7 }, VpcId: 'vpc-1', Long: 'x' }
  expect(textAt(answer, 'A.B')).toBe('7')
  expect(() => textAt(answer, 'A.C')).toThrow('no A.C')
  expect(summary(answer)).toBe('VpcId=vpc-1')
})

test('the bar grows to the last step', () => {
  expect(bar(0, 4)).toBe('[....................]  1/4')
  expect(bar(2, 4)).toBe('[##########..........]  3/4')
})

describe('play', () => {
  const refuse: Call = (_product, action) => Promise.reject(new CallError('NoPermission', action, 403, 'R'))
  const title = { en: 'a', zh: '一' }

  async function played(...steps: Omit<Step, 'title'>[]) {
    const recorder = new Recorder()
    const stage = new Stage(sameAccount, { consumer: refuse, provider: refuse }, '/nowhere', recorder)
    const seen: string[] = []
    const results = await play(
      steps.map((step) => ({ ...step, title })),
      stage,
      recorder,
      { stepStarts: (step) => seen.push(`> ${step.id}`), stepEnds: ({ step }) => seen.push(`< ${step.id}`) },
    )
    return { results, seen, oks: results.map(({ ok }: StepResult) => ok) }
  }
  const fine = { id: 'fine', run: () => Promise.resolve() }

  test('a failed check fails its step and the next one is still played', async () => {
    const wrong = {
      id: 'wrong',
      run: (stage: Stage) => Promise.resolve(stage.check('c', title, false, 'open')),
    }
    const { oks, results, seen } = await played(wrong, fine)
    expect(oks).toEqual([false, true])
    expect(results[0]?.checks).toMatchObject([{ id: 'c', ok: false, detail: 'open' }])
    expect(results[1]?.checks).toEqual([])
    expect(seen).toEqual(['> wrong', '< wrong', '> fine', '< fine'])
  })

  test('a step that cannot be done ends the walkthrough; the rest counts as failed', async () => {
    const broken = {
      id: 'broken',
      run: async (stage: Stage) => void (await stage.call('provider', 'Vpc', 'CreateVpc')),
    }
    const { oks, results } = await played(fine, broken, fine)
    expect(oks).toEqual([true, false, false])
    expect(results[1]?.error).toContain('NoPermission')
    expect(results[1]?.calls).toMatchObject([{ action: 'CreateVpc', outcome: { code: 'NoPermission' } }])
    expect(results[2]).toMatchObject({ reached: false, ms: 0 })
  })

  test('a refusal that is wanted is no failure', async () => {
    const stranger = {
      id: 'stranger',
      run: async (stage: Stage) => {
        const code = await stage.refusal('consumer', 'Privatelink', 'CreateVpcEndpoint', {})
        stage.check('refused', title, code === 'NoPermission', code ?? '-')
      },
    }
    expect((await played(stranger)).oks).toEqual([true])
  })
})
