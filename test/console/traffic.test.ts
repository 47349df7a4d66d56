/** The picture's line moves while real packets pass and at no other time, for both sides, and for nobody else. */
import { mkdtemp } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { runInside } from '../../src/cli/inside.ts'
import { startDeployment, type Account, type Deployment } from '../fixtures/deployment.ts'
import {
  makeBalancer,
  makeConsumer,
  makeEndpoint,
  makeInstance,
  makeService,
  openPrivatelink,
  zone,
} from '../fixtures/topology.ts'
import { webServer } from '../../console/src/pages/tours/web-server.ts'
import { expectNoFindings } from './axe.ts'
import { closeTabs, launch, openTab, type Tab, type TabOptions } from './browser.ts'
import { signInWithKey } from './steps.ts'

let deployment: Deployment
let browser: Browser
let consumer: Account
let client: string
let made: { balancer: string; service: string; endpoint: string; address: string }

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
  const far = await makeConsumer(deployment)
  const server = await makeInstance(deployment, far.vswitch, far.group, webServer)
  const idle = await makeInstance(deployment, far.vswitch, far.group, '')
  const balancer = await makeBalancer(deployment, { ...far, backends: [server, idle] })
  const service = await makeService(deployment, [{ balancer, zone }], true)
  consumer = await deployment.account('consumer')
  await openPrivatelink(consumer)
  await deployment.call('Privatelink', 'AddUserToVpcEndpointService', {
    ServiceId: service,
    UserId: consumer.id,
  })
  const near = await makeConsumer(consumer)
  client = await makeInstance(consumer, near.vswitch, near.group, '')
  made = { balancer, service, ...(await makeEndpoint(consumer, service, near, ['Connected'])) }
}, 180_000)

afterEach(() => closeTabs(browser))

afterAll(async () => {
  await browser?.close()
  await deployment?.[Symbol.asyncDispose]()
}, 60_000)

async function enter({ key }: Pick<Account, 'key'>, options: Partial<TabOptions> = {}): Promise<Tab> {
  const tab = await openTab(browser, { url: deployment.console, language: 'en', ...options })
  tab.allow(401)
  await signInWithKey(tab, key)
  tab.allow()
  return tab
}

const line = ({ page }: Tab) => page.locator(`[data-edge="${made.endpoint} ${made.service}"]`)
const movement = (tab: Tab) =>
  line(tab)
    .locator('path.traffic')
    .evaluate((path: { getAnimations(): readonly object[] }) => path.getAnimations().length)

const soon = { timeout: 45_000, interval: 200 }

test('quiet, moving with packets, quiet again', { timeout: 180_000 }, async () => {
  const near = await enter(consumer, { motion: true })
  const far = await enter(deployment, { motion: true, language: 'zh' })
  const calm = await enter(consumer)
  const all = [near, far, calm]
  for (const tab of all) await line(tab).waitFor({ state: 'attached' })
  for (const tab of all) expect(await line(tab).getAttribute('data-traffic')).toBe('quiet')
  expect(await near.page.locator('path.traffic').count()).toBe(0)

  const calls = `end=$(( $(date +%s) + 25 ))
    while [ $(date +%s) -lt $end ]; do curl -s -o /dev/null http://${made.address}/; sleep 0.2; done`
  const calling = runInside(deployment.execSocket, client, ['sh', '-c', calls])
  for (const tab of all) {
    await expect.poll(() => line(tab).getAttribute('data-traffic'), soon).toBe('moving')
    await line(tab)
      .getByText(/bit\/s/)
      .waitFor()
  }
  expect(await movement(near)).toBe(1)
  expect(await movement(far)).toBe(1)
  // Whoever wants no motion is told by the number alone.
  expect(await movement(calm)).toBe(0)
  await near.shoot('traffic-moving')
  await far.shoot('traffic-moving-provider')
  await calling
  for (const tab of all) {
    await expect.poll(() => line(tab).getAttribute('data-traffic'), soon).toBe('quiet')
    tab.expectNoErrors()
  }
})

test('what passes between others is told to nobody else', { timeout: 60_000 }, async () => {
  const stranger = await deployment.account('stranger')
  const tab = await enter(stranger)
  const told = await tab.page.evaluate(`fetch('/console/traffic').then((answer) => answer.json())`)
  expect(told).toEqual({ traffic: [] })
  const own = await enter(consumer)
  const seen = await own.page.evaluate(`fetch('/console/traffic').then((answer) => answer.json())`)
  expect(seen).toMatchObject({ traffic: [{ endpoint: made.endpoint }] })
})

test(
  'what was measured is drawn: of the endpoint, the service, and the balancer with its health',
  { timeout: 240_000 },
  async () => {
    const near = await enter(consumer, { language: 'zh', dark: true })
    const far = await enter(deployment)
    const chart = ({ page, t }: Tab, title: keyof Tab['t']['metrics']['charts']) =>
      page.getByRole('img', { name: new RegExp(`^${t.metrics.charts[title]}:`) })
    // A point is finished each minute.
    const finished = { timeout: 150_000 }
    await near.open(`/endpoints/${made.endpoint}?tab=monitoring`)
    await far.open(`/load-balancers/${made.balancer}?tab=monitoring`)
    for (const title of [
      'bits',
      'packets',
      'drops',
      'refusals',
      'connections',
      'newConnections',
      'droppedConnections',
    ] as const) {
      await chart(near, title).waitFor(finished)
    }
    await chart(far, 'health').waitFor(finished)
    const { healthy, unhealthy } = far.t.metrics.lines
    expect(await chart(far, 'health').getAttribute('aria-label')).toContain(`${healthy} 1, ${unhealthy} 1`)
    await chart(far, 'droppedConnections').waitFor()
    await expectNoFindings(near)
    await expectNoFindings(far)
    await near.shoot('charts-endpoint')
    await far.shoot('charts-balancer')
    await far.open(`/endpoint-services/${made.service}?tab=monitoring&range=month`)
    await chart(far, 'bits').waitFor(finished)
    await far.shoot('charts-service')
    near.expectNoErrors()
    far.expectNoErrors()
  },
)
