/** Every page and every form: no serious finding of axe, no error in the browser's console, and pictures in both languages and looks. */
import { mkdtemp } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../fixtures/deployment.ts'
import { findings } from './axe.ts'
import { closeTabs, launch, openTab, region, type Sight, type Tab } from './browser.ts'
import { furnish, type Furnished } from './furnish.ts'
import { furnishMore, type FurnishedMore } from './furnish-more.ts'
import { signInAtOnce } from './steps.ts'

let deployment: Deployment
let browser: Browser
let made: Furnished
let more: FurnishedMore

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
  made = await furnish(deployment)
  more = await furnishMore(deployment, made)
}, 180_000)

afterEach(() => closeTabs(browser))

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
    'load-balancer-pairs': `/load-balancers/${made.balancer}?tab=pairs`,
    'load-balancer-health': `/load-balancers/${made.balancer}?tab=health`,
    'load-balancer-monitoring': `/load-balancers/${made.balancer}?tab=monitoring`,
    'create-listener': `/load-balancers/${made.balancer}/listeners/create`,
    certificates: '/server-certificates',
    authorities: '/server-certificates?tab=authorities',
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

/** How many pixels the page itself is wider than the window; tables scroll within themselves. */
async function overhang(page: Page): Promise<number> {
  return Number(
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  )
}

/** Each differs from the one before in one thing. */
const sights: readonly Sight[] = [
  { language: 'en', dark: false },
  { language: 'en', dark: true },
  { language: 'zh', dark: true },
  { language: 'zh', dark: false },
]

/** What is wrong, by what it is wrong with. */
type Faults = Record<string, readonly string[]>

async function look(tab: Tab, name: string, faults: Faults, again = false): Promise<void> {
  await tab.settled()
  await tab.shoot(name)
  const found = [...(await findings(tab.page, { colours: again }))]
  const pixels = await overhang(tab.page)
  if (pixels > 0) found.push(`${pixels} pixels wider than the window`)
  if (found.length > 0) faults[`${name} ${tab.language}`] = found
}

/** Takes the pages in turn with the other tabs, until there are none left. */
async function visitAll(tab: Tab, left: [string, string][], visit: (name: string) => Promise<void>) {
  for (let next = left.shift(); next; next = left.shift()) {
    const [name, path] = next
    await tab.turnTo(path)
    await tab.page.locator(`[data-path="/${region}${path}"]`).waitFor()
    await visit(name)
  }
}

test('the sign-in page', async () => {
  const tab = await openTab(browser, { url: deployment.console, language: 'en' })
  tab.allow(401)
  await tab.page.goto('/console/sign-in')
  await tab.page.getByRole('button', { name: tab.t.signIn.title, exact: true }).waitFor()
  const faults: Faults = {}
  for (const sight of sights) {
    await tab.see(sight)
    await look(tab, 'sign-in', faults)
  }
  expect(faults).toEqual({})
  tab.expectNoErrors()
})

test('every page and every form of it', { timeout: 400_000 }, async () => {
  const faults: Faults = {}
  const left = Object.entries(pages())
  const opened = new Set<string>()
  const tabs = [await enter(1440), await enter(1440)]
  await Promise.all(
    tabs.map((tab) =>
      visitAll(tab, left, async (name) => {
        for (const sight of sights) {
          await tab.see(sight)
          await look(tab, `page-${name}`, faults, sight !== sights[0])
          if (sight === sights[0]) await openForms(tab, opened, faults)
        }
      }),
    ),
  )
  expect(faults).toEqual({})
  expect(opened.size).toBeGreaterThan(60)
  for (const tab of tabs) tab.expectNoErrors()
})

test('every page at 390 pixels', { timeout: 200_000 }, async () => {
  const faults: Faults = {}
  const left = Object.entries(pages())
  const tabs = [await enter(390), await enter(390)]
  await Promise.all(
    tabs.map((tab) => visitAll(tab, left, async (name) => await look(tab, `page-${name}`, faults))),
  )
  expect(faults).toEqual({})
  for (const tab of tabs) tab.expectNoErrors()
})

async function enter(width: number): Promise<Tab> {
  const tab = await openTab(browser, { url: deployment.console, language: 'en', width })
  await signInAtOnce(tab, deployment.key)
  await tab.open('')
  return tab
}

/** What opens something on top of the page says so. What one area of the console has opened, it opens once. */
async function openForms(tab: Tab, opened: Set<string>, faults: Faults): Promise<void> {
  const { page } = tab
  const area = new URL(page.url()).pathname.split('/')[3] ?? 'overview'
  const buttons = page.locator('[role=main] [aria-haspopup=dialog]:not([aria-disabled=true])')
  for (const button of await buttons.all()) {
    const label = (await button.innerText()).toLowerCase().replaceAll(' ', '-')
    const name = label === 'api' ? label : `${area}-${label}`
    if (opened.has(name)) continue
    opened.add(name)
    await button.click()
    for (const sight of [sights[0], sights[2]]) {
      if (sight) await tab.see(sight)
      await tab.settled()
      await tab.shoot(`form-${name}`, page.getByRole('dialog'))
      const found = await findings(page, { within: '[role=dialog]' })
      if (found.length > 0) faults[`${name} ${tab.language}`] = found
    }
    if (sights[0]) await tab.see(sights[0])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
}
