/** Every page: no serious finding of axe, no error in the browser's console, and a picture in both languages and looks. */
import { mkdtemp } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../fixtures/deployment.ts'
import { findings } from './axe.ts'
import { launch, openTab, region, type Tab } from './browser.ts'
import { furnish, type Furnished } from './furnish.ts'
import { furnishMore, type FurnishedMore } from './furnish-more.ts'
import { signInWithKey } from './steps.ts'

let deployment: Deployment
let browser: Browser
let made: Furnished
let more: FurnishedMore

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
  made = await furnish(deployment)
  more = await furnishMore(deployment, made.balancer)
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
    'route-tables': '/route-tables',
    'route-table': `/route-tables/${more.routeTable}`,
    'route-table-vswitches': `/route-tables/${more.routeTable}?tab=vswitches`,
    'prefix-lists': '/prefix-lists',
    'prefix-list': `/prefix-lists/${more.prefixList}`,
    'security-groups': '/security-groups',
    'security-group': `/security-groups/${made.group}`,
    instances: '/instances',
    'create-instance': '/instances/create',
    instance: `/instances/${made.instance}?tab=enis`,
    'instance-log': `/instances/${made.instance}?tab=log`,
    'key-pairs': '/key-pairs',
    'load-balancers': '/load-balancers',
    'create-load-balancer': '/load-balancers/create',
    'load-balancer': `/load-balancers/${made.balancer}`,
    'load-balancer-servers': `/load-balancers/${made.balancer}?tab=backends`,
    'load-balancer-groups': `/load-balancers/${made.balancer}?tab=groups`,
    'load-balancer-monitoring': `/load-balancers/${made.balancer}?tab=monitoring`,
    'create-listener': `/load-balancers/${made.balancer}/listeners/create`,
    certificates: '/server-certificates',
    'network-load-balancers': '/network-load-balancers',
    'create-network-load-balancer': '/network-load-balancers/create',
    'network-load-balancer': `/network-load-balancers/${more.nlb}`,
    'network-load-balancer-zones': `/network-load-balancers/${more.nlb}?tab=zones`,
    'network-load-balancer-health': `/network-load-balancers/${more.nlb}?tab=health`,
    'nlb-server-groups': '/nlb-server-groups',
    'nlb-server-group': `/nlb-server-groups/${more.serverGroup}`,
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
    'user-groups': `/ram-users/${made.user}?tab=groups`,
    'ram-groups': '/ram-groups',
    'ram-group': `/ram-groups/${more.group}`,
    'ram-group-policies': `/ram-groups/${more.group}?tab=policies`,
    'ram-roles': '/ram-roles',
    'ram-role': `/ram-roles/${more.role}`,
    'ram-role-trust': `/ram-roles/${more.role}?tab=trust`,
    'ram-policies': '/ram-policies',
    'ram-policy': `/ram-policies/Custom/${more.policy}`,
    'ram-policy-versions': `/ram-policies/Custom/${more.policy}?tab=versions`,
    'ram-policy-holders': `/ram-policies/Custom/${more.policy}?tab=holders`,
    'resource-groups': '/resource-groups',
    'resource-group': `/resource-groups/${more.resourceGroup}`,
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
  await expect.poll(() => page.getByText('…', { exact: true }).count()).toBe(0)
}

/** How many pixels the page itself is wider than the window; tables scroll within themselves. */
async function overhang(page: Page): Promise<number> {
  return Number(
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  )
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
    const wide: Record<string, number> = { 'sign-in': await overhang(tab.page) }
    await signInWithKey(tab, deployment.key)
    for (const [name, path] of Object.entries(pages())) {
      await tab.turnTo(path)
      await settled(tab, path)
      await tab.shoot(`page-${name}`)
      found[name] = await findings(tab.page)
      wide[name] = await overhang(tab.page)
    }
    expect(Object.entries(wide).filter(([, pixels]) => pixels > 0)).toEqual([])
    expect(Object.entries(found).filter(([, list]) => list.length > 0)).toEqual([])
    tab.expectNoErrors()
    await tab.context.close()
  })
})
