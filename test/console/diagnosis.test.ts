/** Explanations and proofs by clicking, with real packets: own side and other side, passing and broken, and nothing of others. */
import { mkdtemp, readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { en as explainEn } from '../../console/src/pages/explain/texts-en.ts'
import { zh as explainZh } from '../../console/src/pages/explain/texts-zh.ts'
import { en as proofEn } from '../../console/src/pages/proof/texts-en.ts'
import { zh as proofZh } from '../../console/src/pages/proof/texts-zh.ts'
import { webServer } from '../../console/src/pages/tours/web-server.ts'
import { runInside } from '../../src/cli/inside.ts'
import { makeAuthority, makeCertificate } from '../fixtures/certificates.ts'
import { command } from '../fixtures/command.ts'
import { startDeployment, type Account, type Deployment } from '../fixtures/deployment.ts'
import { makeConsumer, makeEndpoint, makeInstance, openPrivatelink } from '../fixtures/topology.ts'
import { expectNoFindings } from './axe.ts'
import { closeTabs, launch, openTab, type Sight, type Tab } from './browser.ts'
import { furnish, type Furnished } from './furnish.ts'
import { choose, signInAtOnce } from './steps.ts'

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
  await signInAtOnce(tab, key)
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

const opposite = { language: 'zh', dark: true } as const

/** In all sights, but for the one it was made in, which comes first. */
const otherSights = [{ language: 'en', dark: true }, opposite, { language: 'zh', dark: false }] as const

async function lookAt(tab: Tab, name: string, others: readonly Sight[] = otherSights): Promise<void> {
  const { language } = tab
  await tab.settled()
  await expectNoFindings(tab)
  await tab.shoot(name)
  for (const sight of others) {
    await tab.see(sight)
    await tab.settled()
    await expectNoFindings(tab)
    await tab.shoot(name)
  }
  await tab.see({ language, dark: false })
}

describe.each([1440, 390])('on a window of %i pixels', (width) => {
  test('a packet that passes, and one that a rule stops', { timeout: 90_000 }, async () => {
    const { tab, explain } = await enter(deployment, { language: 'en', width })
    const { page } = tab
    await tab.open('/explain')
    await page.getByText(explain.empty).waitFor()
    await lookAt(tab, 'explain-empty')
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
    await lookAt(tab, 'explain-passes')

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
    await lookAt(tab, 'explain-stops')
    await deployment.call('Ecs', 'RevokeSecurityGroupEgress', { ...rule, DestCidrIp: '0.0.0.0/0' })
    await page.getByRole('link', { name: explain.open(made.group), exact: true }).click()
    await page.waitForURL(new RegExp(`/security-groups/${made.group}\\?tab=egress$`))
    tab.expectNoErrors()
  })

  test('a proof of the own workloads, with a digest and a file', { timeout: 120_000 }, async () => {
    const { tab, proof } = await enter(deployment, { language: 'en', width })
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
    await lookAt(tab, 'proof')
    tab.expectNoErrors()
  })
})

const wizard = () => `/load-balancers/${made.balancer}/listeners/create`

const press = ({ page }: Tab, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Submits the review and waits for the listener to run. */
async function submitListener(tab: Tab, listener: string): Promise<void> {
  const { page, t } = tab
  await press(tab, t.common.submit)
  await page.getByRole('row', { name: listener }).locator('[data-state=running]').waitFor()
}

/** What curl prints inside ECS1, once it is as expected. */
async function curl(expected: RegExp, ...args: readonly string[]): Promise<void> {
  const run = async () => {
    const { stdout } = await runInside(deployment.execSocket, made.instance, ['curl', '-sik', '-m5', ...args])
    return stdout
  }
  await expect.poll(run, { timeout: 20_000 }).toMatch(expected)
}

describe('the listener wizard', () => {
  let domain: string

  beforeAll(async () => {
    const told = await deployment.call('Privatelink', 'GetVpcEndpointAttribute', {
      EndpointId: made.endpoint,
    })
    domain = String(told['EndpointDomain'])
    const pair = await makeCertificate('shop.example.com')
    await deployment.call('Slb', 'UploadServerCertificate', { ...pair, ServerCertificateName: 'shop' })
    const { certificate: CACertificate } = await makeAuthority()
    await deployment.call('Slb', 'UploadCACertificate', { CACertificate, CACertificateName: 'clients' })
  })

  test(
    'HTTP to a vServer group made there, with a cookie; explained by URL',
    { timeout: 120_000 },
    async () => {
      const { tab, explain } = await enter(deployment, { language: 'en' })
      const { page, t } = tab
      await tab.open(wizard())
      await page.getByText('HTTP', { exact: true }).click()
      await page.getByRole('spinbutton', { name: t.balancer.listenerPort }).fill('8080')
      await page.getByText(t.http.stickyKinds.server).click()
      await press(tab, t.common.next)
      await page.getByText(t.common.required).waitFor()
      await page.getByText(t.http.stickyKinds.insert).click()
      await page.getByLabel(t.http.forwardedHeaders.SLBPORT).check()
      await page.getByRole('switch', { name: t.http.gzip }).click()
      await lookAt(tab, 'listener-http-1', [opposite])
      await press(tab, t.common.next)
      await page.getByText(t.balancer.targets.vserver, { exact: true }).click()
      await press(tab, t.common.next)
      await expect.poll(() => page.getByText(t.common.required).count()).toBe(2)
      await page.getByLabel(t.balancer.groupName).fill('web')
      for (const server of ['ECS2', 'ECS3']) await page.getByRole('checkbox', { name: server }).check()
      await page.getByLabel(`${t.balancer.weight} ECS3`).fill('50')
      await lookAt(tab, 'listener-http-2', [opposite])
      await press(tab, t.common.next)
      await page.getByLabel(t.balancer.checkPath).fill('no path')
      await press(tab, t.common.next)
      await page.getByText(t.balancer.checkPathRule).waitFor()
      await page.getByLabel(t.balancer.checkPath).fill('/')
      await page.getByLabel(t.balancer.checkInterval).fill('1')
      await lookAt(tab, 'listener-http-3', [opposite])
      await press(tab, t.common.next)
      await page
        .getByRole('cell', { name: `ECS2 (${t.balancer.weight} 100), ECS3 (${t.balancer.weight} 50)` })
        .waitFor()
      await lookAt(tab, 'listener-http-4', [opposite])
      await submitListener(tab, 'HTTP: 8080')
      await curl(/^HTTP\/1.1 200[^]*set-cookie: SERVERID=[^]*Hello from/i, `http://${domain}:8080/`)

      await tab.open(`/explain?instance=${made.instance}`)
      await page.getByText(made.instance).first().waitFor()
      await page
        .getByRole('combobox', { name: explain.to, exact: true })
        .fill(`http://${domain}:8080/cart?a=1`)
      await page.getByLabel(explain.host).focus()
      expect(await page.getByLabel(explain.path).inputValue()).toBe('/cart?a=1')
      expect(await page.getByRole('spinbutton', { name: explain.port }).inputValue()).toBe('8080')
      expect(await ask(tab)).toBe('passes')
      await page.getByText(explain.answered(200)).waitFor()
      await lookAt(tab, 'explain-request', [opposite])
      tab.expectNoErrors()
    },
  )

  test('HTTPS with certificates on both sides, and a redirect to it', { timeout: 120_000 }, async () => {
    const { tab } = await enter(deployment, { language: 'zh' })
    const { page, t } = tab
    await tab.open(wizard())
    await page.getByText('HTTPS', { exact: true }).click()
    await page.getByRole('spinbutton', { name: t.balancer.listenerPort }).fill('8443')
    await press(tab, t.common.next)
    await page.getByText(t.common.required).waitFor()
    await choose(page, t.http.certificate, 'shop')
    await choose(page, t.http.authority, 'clients')
    await lookAt(tab, 'listener-https-1', [{ language: 'en', dark: true }])
    await press(tab, t.common.next)
    await page.getByText(t.balancer.targets.vserver, { exact: true }).click()
    await choose(page, t.balancer.serverGroup, 'second')
    await lookAt(tab, 'listener-https-2', [{ language: 'en', dark: true }])
    await press(tab, t.common.next)
    await page.getByRole('switch', { name: t.balancer.healthCheck }).click()
    await press(tab, t.common.next)
    await page.getByRole('cell', { name: /^second · rsp-/ }).waitFor()
    await lookAt(tab, 'listener-https-4', [{ language: 'en', dark: true }])
    await submitListener(tab, 'HTTPS: 8443')
    // A client without a certificate of the authority is not let in.
    const refused = ['curl', '-sk', '-m5', '-o/dev/null', `https://${domain}:8443/`]
    expect((await runInside(deployment.execSocket, made.instance, refused)).code).not.toBe(0)

    await tab.open(wizard())
    await page.getByText('HTTP', { exact: true }).click()
    await page.getByRole('spinbutton', { name: t.balancer.listenerPort }).fill('8081')
    await page.getByRole('switch', { name: t.http.redirect }).click()
    await page.getByLabel(t.http.redirectPort).fill('8443')
    await press(tab, t.common.next)
    await page.getByRole('cell', { name: t.http.redirectsTo(8443) }).waitFor()
    await submitListener(tab, 'HTTP: 8081')
    await curl(/^HTTP\/1.1 30\d[^]*location: https:\/\/[^]*:8443\//i, `http://${domain}:8081/`)
    tab.expectNoErrors()
  })

  test('TCP to a master/slave group made there, and to one that is there', { timeout: 120_000 }, async () => {
    const { tab } = await enter(deployment, { language: 'zh' })
    const { page, t } = tab
    await tab.open(wizard())
    await page.getByRole('spinbutton', { name: t.balancer.listenerPort }).fill('82')
    await press(tab, t.common.next)
    await page.getByText(t.balancer.targets.pair, { exact: true }).click()
    await page.getByLabel(t.balancer.groupName).fill('pair')
    await choose(page, t.balancer.master, 'ECS2')
    await choose(page, t.balancer.slave, 'ECS2')
    await press(tab, t.common.next)
    await page.getByText(t.balancer.sameServer).waitFor()
    await choose(page, t.balancer.slave, 'ECS3')
    await lookAt(tab, 'listener-pair-2', [{ language: 'en', dark: true }])
    await press(tab, t.common.next)
    await page.getByLabel(t.balancer.checkInterval).fill('1')
    await press(tab, t.common.next)
    await page
      .getByRole('cell', { name: `ECS2 (${t.balancer.master}), ECS3 (${t.balancer.slave})` })
      .waitFor()
    await submitListener(tab, 'TCP: 82')
    await curl(/Hello from/, `http://${domain}:82/`)
    await tab.open(wizard())
    await page.getByRole('spinbutton', { name: t.balancer.listenerPort }).fill('83')
    await press(tab, t.common.next)
    await page.getByText(t.balancer.targets.pair, { exact: true }).click()
    await choose(page, t.balancer.serverGroup, 'pair')
    for (const name of [t.common.next, t.common.next]) await press(tab, name)
    await submitListener(tab, 'TCP: 83')
    tab.expectNoErrors()
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
