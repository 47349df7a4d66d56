/** What a person does on the pages of the walkthroughs. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Tab } from './browser.ts'

/** The path of a page below the region, once it is shown. */
export async function arrived(page: Page, pattern: RegExp): Promise<string> {
  await page.waitForURL(pattern)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

export async function signInWithKey(
  tab: Tab,
  key: { readonly id: string; readonly secret: string },
): Promise<void> {
  const { page, t } = tab
  await page.goto('/console/')
  await page.getByLabel(t.signIn.accessKeyId).fill(key.id)
  await page.getByLabel(t.signIn.accessKeySecret).fill(key.secret)
  await page.getByRole('button', { name: t.signIn.title, exact: true }).click()
  await page.getByRole('heading', { name: t.nav.overview, level: 1 }).waitFor()
}

/** Without the sign-in page, which has tests of its own. */
export async function signInAtOnce(
  { context }: Pick<Tab, 'context'>,
  key: { readonly id: string; readonly secret: string },
): Promise<void> {
  const data = { accessKeyId: key.id, accessKeySecret: key.secret }
  const answer = await context.request.post('/console/session', { data })
  expect(answer.status()).toBe(200)
}

/** Chooses in one of antd's selects by part of an option's text. */
export async function choose(scope: Page | Locator, label: string, option: string): Promise<void> {
  const page = 'page' in scope ? scope.page() : scope
  const field = scope.getByRole('combobox', { name: label, exact: true })
  await field.click()
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
    .filter({ hasText: option })
    .first()
    .click()
}

/** Activates PrivateLink when the account has not done so yet. */
export async function activate(tab: Tab): Promise<void> {
  const { page, t } = tab
  await tab.open('')
  const button = page.getByRole('button', { name: t.endpoint.activate, exact: true })
  await button.click()
  await page.getByRole('dialog').getByRole('button', { name: t.endpoint.activate }).click()
  await page.getByText(t.endpoint.notActivated).waitFor({ state: 'detached' })
}

async function submitDrawer(tab: Tab): Promise<void> {
  const { page, t } = tab
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: t.common.confirm, exact: true }).click()
  await drawer.waitFor({ state: 'detached' })
}

export async function createVpc(tab: Tab, name: string, block: string): Promise<void> {
  const { page, t } = tab
  await tab.open('/vpcs')
  await page.getByRole('button', { name: t.vpc.create }).click()
  await page.getByLabel(t.common.name, { exact: true }).fill(name)
  await page.getByLabel(t.vpc.block).fill(block)
  await submitDrawer(tab)
  await page.getByRole('row', { name }).locator('[data-state=Available]').waitFor()
}

export async function createVSwitch(
  tab: Tab,
  vpc: string,
  name: string,
  zone: string,
  block: string,
): Promise<void> {
  const { page, t } = tab
  await tab.open('/vswitches')
  await page.getByRole('button', { name: t.vpc.createVSwitch }).click()
  const drawer = page.getByRole('dialog')
  await choose(drawer, t.vpc.vpc, vpc)
  await drawer.getByLabel(t.common.name, { exact: true }).fill(name)
  await choose(drawer, t.common.zone, zone)
  await drawer.getByLabel(t.vpc.block).fill(block)
  await submitDrawer(tab)
  await page.getByRole('row', { name }).locator('[data-state=Available]').waitFor()
}

/** A group that lets TCP 80 in. */
export async function createSecurityGroup(tab: Tab, vpc: string, name: string): Promise<void> {
  const { page, t } = tab
  await tab.open('/security-groups')
  await page.getByRole('button', { name: t.security.create }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel(t.common.name, { exact: true }).fill(name)
  await choose(drawer, t.vpc.vpc, vpc)
  await submitDrawer(tab)
  await page.getByRole('row', { name }).getByRole('link').first().click()
  await page.getByRole('button', { name: t.security.addRule }).click()
  await submitDrawer(tab)
  await page.getByRole('cell', { name: '80/80' }).waitFor()
}

interface InstanceWanted {
  readonly name: string
  readonly vpc: string
  readonly vswitch: string
  readonly group: string
  readonly address: string
  readonly userData?: string
}

export async function createInstance(tab: Tab, wanted: InstanceWanted): Promise<void> {
  const { page, t } = tab
  await tab.open('/instances/create')
  await page.getByLabel(t.common.name, { exact: true }).fill(wanted.name)
  await choose(page, t.vpc.vpc, wanted.vpc)
  await choose(page, t.vpc.vswitch, wanted.vswitch)
  await choose(page, t.security.group, wanted.group)
  await page.keyboard.press('Escape')
  await page.getByLabel(t.instance.address).fill(wanted.address)
  if (wanted.userData !== undefined) await page.getByLabel(t.instance.userData).fill(wanted.userData)
  await page.getByRole('button', { name: t.instance.create }).click()
  await arrived(page, /\/instances$/)
  await page.getByRole('row', { name: wanted.name }).locator('[data-state=Running]').waitFor()
}

interface BalancerWanted {
  readonly name: string
  readonly vpc: string
  readonly vswitch: string
  readonly zone: string
}

export async function createBalancer(tab: Tab, wanted: BalancerWanted): Promise<string> {
  const { page, t } = tab
  await tab.open('/load-balancers/create')
  await page.getByLabel(t.common.name, { exact: true }).fill(wanted.name)
  await choose(page, t.balancer.primaryZone, wanted.zone)
  await choose(page, t.vpc.vpc, wanted.vpc)
  await choose(page, t.vpc.vswitch, wanted.vswitch)
  await page.getByRole('button', { name: t.balancer.create }).click()
  return await arrived(page, /\/load-balancers\/lb-[\w-]+$/)
}

/** The wizard, with both servers at weight 100, and health checked as often as possible. */
export async function addListener(tab: Tab, servers: readonly string[]): Promise<void> {
  const { page, t } = tab
  const next = () => page.getByRole('button', { name: t.common.next, exact: true }).click()
  await page.getByRole('button', { name: t.balancer.addListener }).click()
  await page.getByLabel(t.balancer.listenerPort).fill('80')
  await tab.shoot('listener-1')
  await next()
  for (const server of servers) await page.getByRole('checkbox', { name: server }).check()
  await tab.shoot('listener-2')
  await next()
  await page.getByLabel(t.balancer.checkInterval).fill('1')
  await page.getByRole('spinbutton', { name: t.balancer.healthyThreshold, exact: true }).fill('2')
  await tab.shoot('listener-3')
  await next()
  await page.getByRole('cell', { name: 'TCP: 80' }).waitFor()
  await tab.shoot('listener-4')
  await page.getByRole('button', { name: t.common.submit }).click()
  await arrived(page, /\/load-balancers\/lb-[\w-]+$/)
  await page.getByRole('row', { name: 'TCP: 80' }).locator('[data-state=running]').waitFor()
  await page.getByRole('tab', { name: t.balancer.health, exact: true }).click()
  await expect.poll(() => page.locator('[data-state=normal]').count(), { timeout: 20_000 }).toBe(2)
  await tab.shoot('health')
}

/** Gives the service's id and name. */
export async function createService(
  tab: Tab,
  zone: string,
  balancer: string,
): Promise<{ id: string; name: string }> {
  const { page, t } = tab
  await tab.open('/endpoint-services/create')
  await choose(page, t.service.zone, zone)
  await choose(page, t.service.resource, balancer)
  await tab.shoot('create-service')
  await page.getByRole('button', { name: t.service.create }).click()
  const id = await arrived(page, /\/endpoint-services\/epsrv-[\w]+$/)
  await page.locator('[data-state=Active]').first().waitFor()
  return { id, name: `com.aliyuncs.privatelink.eu-central-1.${id}` }
}

export async function addToWhitelist(tab: Tab, service: string, account: string): Promise<void> {
  const { page, t } = tab
  await tab.open(`/endpoint-services/${service}?tab=whitelist`)
  await page.getByRole('button', { name: t.service.addUser }).click()
  await page.getByRole('dialog').getByLabel(t.common.accountId).fill(account)
  await submitDrawer(tab)
  await page.getByRole('cell', { name: account }).waitFor()
  await tab.shoot('whitelist')
}

interface EndpointWanted {
  readonly name: string
  readonly service: string
  readonly by: 'list' | 'name'
  readonly vpc: string
  readonly group: string
  readonly zone: string
  readonly vswitch: string
}

export async function createEndpoint(tab: Tab, wanted: EndpointWanted): Promise<string> {
  const { page, t } = tab
  await tab.open('/endpoints/create')
  await page.getByLabel(t.common.name, { exact: true }).fill(wanted.name)
  if (wanted.by === 'list') await page.getByRole('radio', { name: wanted.service }).check()
  else {
    await page.getByText(t.endpoint.byName, { exact: true }).click()
    await page.getByRole('textbox', { name: t.service.name }).fill(wanted.service)
    await page.getByRole('button', { name: t.endpoint.verify }).click()
    await page.getByText(t.endpoint.verified).waitFor()
  }
  await choose(page, t.vpc.vpc, wanted.vpc)
  await choose(page, t.security.group, wanted.group)
  await page.keyboard.press('Escape')
  await choose(page, t.common.zone, wanted.zone)
  await choose(page, t.vpc.vswitch, wanted.vswitch)
  await tab.shoot('create-endpoint')
  await page.getByRole('button', { name: t.endpoint.create }).click()
  const id = await arrived(page, /\/endpoints\/ep-[\w]+$/)
  await page.getByRole('row', { name: 'ep-' }).locator('[data-state=Wait]').waitFor()
  await tab.shoot('endpoint-waiting')
  return id
}

export async function allowConnection(tab: Tab, service: string, endpoint: string): Promise<void> {
  const { page, t } = tab
  await tab.open(`/endpoint-services/${service}?tab=connections`)
  const row = page.getByRole('row', { name: endpoint })
  await row.waitFor()
  await tab.shoot('connection-asked')
  await row.getByRole('button', { name: t.connection.allow, exact: true }).click()
  await submitDrawer(tab)
  await row.locator('[data-state=Connected]').first().waitFor()
  await tab.shoot('connection-allowed')
}

/** Types into the shell of an instance and waits for what it prints. */
export async function inShell(tab: Tab, instance: string, line: string, expected: RegExp): Promise<void> {
  const { page, t } = tab
  await tab.open('/instances')
  await page.getByRole('row', { name: instance }).getByRole('link').first().click()
  const screen = page.locator('.xterm')
  await screen.waitFor()
  await page.getByRole('textbox', { name: t.instance.shell }).focus()
  const text = async () =>
    (await page.locator('.xterm-accessibility-tree, .xterm-rows').allInnerTexts()).join('\n')
  await expect.poll(text, { timeout: 15_000 }).toMatch(/[$#]\s*/)
  await page.keyboard.type(`${line}\n`)
  await expect.poll(text, { timeout: 20_000 }).toMatch(expected)
}
