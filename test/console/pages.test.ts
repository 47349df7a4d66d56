/** Every page: no serious finding of axe, no error in the browser's console, and a picture in both languages and looks. */
import { mkdtemp } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../fixtures/deployment.ts'
import { findings } from './axe.ts'
import { launch, openTab, region, type Tab } from './browser.ts'
import { furnish, type Furnished } from './furnish.ts'
import { signInWithKey } from './steps.ts'

let deployment: Deployment
let browser: Browser
let made: Furnished

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
  made = await furnish(deployment)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await deployment?.[Symbol.asyncDispose]()
}, 60_000)

/** Name of the picture → path below the region. */
function pages(): Readonly<Record<string, string>> {
  return {
    overview: '',
    vpcs: '/vpcs',
    vpc: `/vpcs/${made.vpc}`,
    vswitches: '/vswitches',
    'security-groups': '/security-groups',
    'security-group': `/security-groups/${made.group}`,
    instances: '/instances',
    'create-instance': '/instances/create',
    instance: `/instances/${made.instance}?tab=enis`,
    'instance-log': `/instances/${made.instance}?tab=log`,
    'load-balancers': '/load-balancers',
    'create-load-balancer': '/load-balancers/create',
    'load-balancer': `/load-balancers/${made.balancer}`,
    'load-balancer-servers': `/load-balancers/${made.balancer}?tab=backends`,
    'load-balancer-groups': `/load-balancers/${made.balancer}?tab=groups`,
    'load-balancer-monitoring': `/load-balancers/${made.balancer}?tab=monitoring`,
    'create-listener': `/load-balancers/${made.balancer}/listeners/create`,
    services: '/endpoint-services',
    'create-service': '/endpoint-services/create',
    service: `/endpoint-services/${made.service}`,
    'service-connections': `/endpoint-services/${made.service}?tab=connections`,
    'service-whitelist': `/endpoint-services/${made.service}?tab=whitelist`,
    'service-monitoring': `/endpoint-services/${made.service}?tab=monitoring`,
    endpoints: '/endpoints',
    'create-endpoint': '/endpoints/create',
    endpoint: `/endpoints/${made.endpoint}`,
    'endpoint-groups': `/endpoints/${made.endpoint}?tab=groups`,
    'endpoint-monitoring': `/endpoints/${made.endpoint}?tab=monitoring`,
    account: '/account',
    users: '/ram-users',
    user: `/ram-users/${made.user}`,
    'user-keys': `/ram-users/${made.user}?tab=keys`,
    'resource-groups': '/resource-groups',
    tags: '/tags',
    events: '/events',
    quotas: '/quotas',
    explain: '/explain',
    proof: '/proof',
    tours: '/tours',
    tour: '/tours/cross-account',
    missing: '/no-such-page',
  }
}

/** Shown when there is a heading and nothing loads any more. */
async function settled({ page, t }: Tab, path: string): Promise<void> {
  await page.locator(`[data-path="/${region}${path}"]`).waitFor()
  await expect
    .poll(() => page.locator('.ant-skeleton, .ant-spin-spinning').count(), { timeout: 15_000 })
    .toBe(0)
  await page.getByText(t.common.loading, { exact: true }).waitFor({ state: 'detached' })
}

const sights = [
  { name: 'English, light', language: 'en', dark: false },
  { name: 'Chinese, light', language: 'zh', dark: false },
  { name: 'English, dark', language: 'en', dark: true },
  { name: 'Chinese, dark', language: 'zh', dark: true },
  { name: 'English, narrow', language: 'en', dark: false, width: 390 },
] as const

describe.each(sights)('$name', (sight) => {
  test('every page', { timeout: 400_000 }, async () => {
    const tab = await openTab(browser, { url: deployment.console, ...sight })
    tab.allow(401)
    await tab.page.goto('/console/sign-in')
    await tab.page.getByRole('button', { name: tab.t.signIn.title, exact: true }).waitFor()
    await tab.shoot('sign-in')
    const found: Record<string, readonly string[]> = { 'sign-in': await findings(tab.page) }
    await signInWithKey(tab, deployment.key)
    for (const [name, path] of Object.entries(pages())) {
      await tab.turnTo(path)
      await settled(tab, path)
      await tab.shoot(`page-${name}`)
      found[name] = await findings(tab.page)
    }
    expect(Object.entries(found).filter(([, list]) => list.length > 0)).toEqual([])
    tab.expectNoErrors()
    await tab.context.close()
  })
})
