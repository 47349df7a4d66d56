/** Explanations and proofs by clicking, with real packets: own side and other side, passing and broken, and nothing of others. */
import { mkdtemp, readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { en as explainEn } from '../../console/src/pages/explain/texts-en.ts'
import { zh as explainZh } from '../../console/src/pages/explain/texts-zh.ts'
import { en as proofEn } from '../../console/src/pages/proof/texts-en.ts'
import { zh as proofZh } from '../../console/src/pages/proof/texts-zh.ts'
import { webServer } from '../../console/src/pages/tours/web-server.ts'
import { command } from '../fixtures/command.ts'
import { startDeployment, type Account, type Deployment } from '../fixtures/deployment.ts'
import { makeConsumer, makeEndpoint, makeInstance, openPrivatelink } from '../fixtures/topology.ts'
import { expectNoFindings } from './axe.ts'
import { closeTabs, launch, openTab, type Tab } from './browser.ts'
import { furnish, type Furnished } from './furnish.ts'
import { choose, signInWithKey } from './steps.ts'

let deployment: Deployment
let browser: Browser
let made: Furnished
let stranger: Account & { instance: string; endpoint: string; address: string; vpc: string }

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
  made = await furnish(deployment)
  const other = await deployment.account('other')
  await openPrivatelink(other)
  await deployment.call('Privatelink', 'AddUserToVpcEndpointService', {
    ServiceId: made.service,
    UserId: other.id,
  })
  const near = await makeConsumer(other)
  const instance = await makeInstance(other, near.vswitch, near.group, webServer)
  const { endpoint, address } = await makeEndpoint(other, made.service, near, ['Connected'])
  stranger = { ...other, instance, endpoint, address, vpc: near.vpc }
}, 180_000)

afterEach(() => closeTabs(browser))

afterAll(async () => {
  await browser?.close()
  await deployment?.[Symbol.asyncDispose]()
}, 60_000)

const words = {
  en: { explain: explainEn, proof: proofEn },
  zh: { explain: explainZh, proof: proofZh },
} as const

async function enter({ key }: Pick<Account, 'key'>, sight: Omit<Parameters<typeof openTab>[1], 'url'>) {
  const tab = await openTab(browser, { url: deployment.console, ...sight })
  tab.allow(401)
  await signInWithKey(tab, key)
  tab.allow()
  return { tab, ...words[sight.language] }
}

async function ask(tab: Tab): Promise<string> {
  const { page, t } = tab
  await page.getByRole('button', { name: t.nav.explain, exact: true }).click()
  return (await page.locator('[data-verdict]').first().getAttribute('data-verdict')) ?? ''
}

const reasons = (tab: Tab) =>
  tab.page
    .locator('li[data-reason]')
    .evaluateAll((items: readonly { dataset: { reason: string } }[]) =>
      items.map(({ dataset }) => dataset.reason),
    )

const looks = [
  { language: 'en', dark: false },
  { language: 'zh', dark: false },
  { language: 'en', dark: true },
  { language: 'zh', dark: true },
  { language: 'en', dark: false, width: 390 },
] as const

describe.each(looks)('in $language, dark $dark, width $width', (look) => {
  test('a packet that passes, and one that a rule stops', { timeout: 90_000 }, async () => {
    const { tab, explain } = await enter(deployment, look)
    const { page } = tab
    await tab.open('/explain')
    await page.getByText(explain.empty).waitFor()
    await expectNoFindings(tab)
    await tab.shoot('explain-empty')
    await choose(page, explain.from, 'ECS1')
    await page.getByRole('combobox', { name: explain.to, exact: true }).fill(made.endpoint)
    expect(await ask(tab)).toBe('passes')
    await page.locator('[data-outcome=open]').waitFor()
    await page.getByText(explain.agrees).waitFor()
    expect(await reasons(tab)).toEqual([
      'nameResolves',
      'leaves',
      'addressOf',
      'enters',
      'connected',
      'listenerRuns',
      'backendsTake',
      'listens',
    ])
    await expectNoFindings(tab)
    await tab.shoot('explain-passes')

    const rule = {
      SecurityGroupId: made.group,
      IpProtocol: 'tcp',
      PortRange: '80/80',
      Priority: '1',
      Policy: 'drop',
    }
    await deployment.call('Ecs', 'AuthorizeSecurityGroupEgress', { ...rule, DestCidrIp: '0.0.0.0/0' })
    await page.getByRole('button', { name: tab.t.nav.explain, exact: true }).click()
    await page.locator('li[data-reason=mayNotLeave]').waitFor()
    await page.locator('[data-outcome=silent], [data-outcome=refused]').waitFor()
    await page.getByText(explain.agrees).waitFor()
    await expectNoFindings(tab)
    await tab.shoot('explain-stops')
    await deployment.call('Ecs', 'RevokeSecurityGroupEgress', { ...rule, DestCidrIp: '0.0.0.0/0' })
    await page.getByRole('link', { name: explain.open(made.group), exact: true }).click()
    await page.waitForURL(new RegExp(`/security-groups/${made.group}\\?tab=egress$`))
    tab.expectNoErrors()
    await tab.context.close()
  })

  test('a proof of the own workloads, with a digest and a file', { timeout: 120_000 }, async () => {
    const { tab, proof } = await enter(deployment, look)
    const { page } = tab
    await tab.open('/proof')
    await page.getByText(proof.empty).waitFor()
    await page.getByRole('button', { name: proof.start }).click()
    await page.getByText(proof.proved).waitFor({ timeout: 90_000 })
    await page.locator('[data-kind=open]').first().waitFor()
    expect(await page.locator('[data-kind=differs]').count()).toBe(0)
    const digest = await page.locator('[data-digest]').getAttribute('data-digest')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: proof.download }).click(),
    ])
    const told = JSON.parse(await readFile(await download.path(), 'utf8')) as Record<string, unknown>
    expect(told).toMatchObject({ account: deployment.id, digest, untried: 0, differences: [] })
    expect(JSON.stringify(told)).not.toContain(stranger.instance)
    await expectNoFindings(tab)
    await tab.shoot('proof')
    tab.expectNoErrors()
    await tab.context.close()
  })
})

test('each side of a connection between accounts is told its own', { timeout: 90_000 }, async () => {
  const consumer = await enter(stranger, { language: 'zh' })
  const { page } = consumer.tab
  await consumer.tab.open(`/explain?instance=${stranger.instance}&target=${stranger.endpoint}`)
  await page.getByText(stranger.instance).first().waitFor()
  expect(await ask(consumer.tab)).toBe('passes')
  expect((await reasons(consumer.tab)).at(-1)).toBe('handedOver')
  await page.locator('[data-outcome=open]').waitFor()
  await consumer.tab.shoot('explain-border')
  await page.getByRole('spinbutton', { name: consumer.explain.port }).fill('81')
  await page.getByRole('button', { name: consumer.tab.t.nav.explain, exact: true }).click()
  await page.locator('li[data-reason=serviceSilent]').waitFor()
  await consumer.tab.shoot('explain-silent')
  const secrets = [made.balancer, made.instance, deployment.id]
  for (const secret of secrets) expect(await page.content()).not.toContain(secret)

  const provider = await enter(deployment, { language: 'en' })
  await provider.tab.open(`/explain?side=connection&connection=${stranger.endpoint}&port=81`)
  expect(await ask(provider.tab)).toBe('stops')
  expect((await reasons(provider.tab)).at(-1)).toBe('listenerAbsent')
  await provider.tab.shoot('explain-connection')
  for (const secret of [stranger.address, stranger.instance, stranger.vpc]) {
    expect(await provider.tab.page.locator('main, #content').innerHTML()).not.toContain(secret)
  }
  consumer.tab.expectNoErrors()
  provider.tab.expectNoErrors()
})

test('another’s instance in the address explains nothing', { timeout: 60_000 }, async () => {
  const { tab } = await enter(stranger, { language: 'en' })
  tab.allow(404)
  await tab.open(`/explain?instance=${made.instance}&target=${made.endpoint}`)
  await tab.page.getByText(made.instance).first().waitFor()
  await tab.page.getByRole('button', { name: tab.t.nav.explain, exact: true }).click()
  await tab.page.getByText('InvalidInstanceId.NotFound').waitFor()
  expect(await tab.page.locator('li[data-reason]').count()).toBe(0)
})

test('what the kernel does against the model is shown first', { timeout: 90_000 }, async () => {
  const { tab, proof } = await enter(deployment, { language: 'en' })
  const { page } = tab
  await tab.open('/proof')
  await page.getByLabel(proof.ports, { exact: true }).fill('0')
  await page.getByRole('button', { name: proof.start }).click()
  await page.getByText(proof.portsRule).waitFor()
  const { Zones } = await deployment.call('Privatelink', 'ListVpcEndpointZones', {
    EndpointId: made.endpoint,
  })
  const address = (Zones as { EniIp: string }[])[0]?.EniIp ?? ''
  const table = ['nft', 'delete', 'element', 'ip', 'postern', 'endpoints', `{ ${address} }`]
  await command('ip', 'netns', 'exec', deployment.netns(made.vpc), ...table)
  await page.getByLabel(proof.ports, { exact: true }).fill('80')
  await page.getByRole('button', { name: proof.start }).click()
  await page.getByText(proof.differs(1)).waitFor({ timeout: 60_000 })
  const cell = page.locator('[data-kind=differs]')
  expect(await cell.getAttribute('data-cell')).toBe(`${made.instance} ${address} 80`)
  await expectNoFindings(tab)
  await tab.shoot('proof-differs')
  tab.expectNoErrors()
})
