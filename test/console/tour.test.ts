/** Both tours by their panel: it fills in the real forms, sees what is done, is left and gone on with, and ends with real packets. */
import { mkdtemp } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '../../console/src/pages/tours/texts-en.ts'
import { zh } from '../../console/src/pages/tours/texts-zh.ts'
import { startDeployment, type Account, type Deployment } from '../fixtures/deployment.ts'
import { openPrivatelink } from '../fixtures/topology.ts'
import { expectNoFindings } from './axe.ts'
import { launch, openTab, type Tab, type TabOptions } from './browser.ts'
import { inShell, signInAtOnce } from './steps.ts'

let deployment: Deployment
let browser: Browser

beforeAll(async () => {
  deployment = await startDeployment(await mkdtemp('/var/tmp/postern-console-'))
  browser = await launch()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await deployment?.[Symbol.asyncDispose]()
}, 60_000)

const texts = { en, zh } as const
type StepName = keyof typeof en.steps

async function enter(account: Account, options: Omit<TabOptions, 'url'>): Promise<Tab> {
  await openPrivatelink(account)
  const tab = await openTab(browser, { url: deployment.console, ...options })
  await signInAtOnce(tab, account.key)
  return tab
}

const panel = ({ page, language }: Tab) => page.getByRole('complementary', { name: texts[language].panel })
const stepOf = (tab: Tab, step: StepName) => panel(tab).locator(`[data-step=${step}]`)

async function unfold(tab: Tab): Promise<void> {
  const button = panel(tab).getByRole('button', { name: texts[tab.language].unfold })
  if (await button.isVisible()) await button.click()
}

/** Lets the panel lead to the step's page; it must be the step that comes next. */
async function follow(tab: Tab, step: StepName): Promise<void> {
  const words = texts[tab.language]
  await unfold(tab)
  await stepOf(tab, step).locator('[aria-current=step]').waitFor({ timeout: 60_000 })
  const button = stepOf(tab, step).getByRole('button', { name: words.goTo })
  const show = stepOf(tab, step).getByRole('button', { name: words.show })
  await button.or(show).click()
}

async function isDone(tab: Tab, step: StepName): Promise<void> {
  await unfold(tab)
  await panel(tab).locator(`[data-step=${step}][data-done=true]`).waitFor({ timeout: 60_000 })
}

async function submitDrawer(tab: Tab, step: StepName): Promise<void> {
  await follow(tab, step)
  const drawer = tab.page.getByRole('dialog')
  await drawer.getByRole('button', { name: tab.t.common.confirm, exact: true }).click()
  await drawer.waitFor({ state: 'detached' })
  await isDone(tab, step)
}

async function submitPage(tab: Tab, step: StepName, button: string): Promise<void> {
  await follow(tab, step)
  await tab.page.locator('form').getByRole('button', { name: button, exact: true }).click()
  await isDone(tab, step)
}

async function makeConsumer(tab: Tab): Promise<void> {
  for (const step of ['vpc1', 'vswitch1', 'group1', 'rule1'] as const) await submitDrawer(tab, step)
  await submitPage(tab, 'ecs1', tab.t.instance.create)
}

async function makeProvider(tab: Tab): Promise<void> {
  const { page, t } = tab
  for (const step of ['vpc2', 'vswitch2', 'group2', 'rule2'] as const) await submitDrawer(tab, step)
  for (const step of ['ecs2', 'ecs3'] as const) await submitPage(tab, step, t.instance.create)
  await submitPage(tab, 'balancer', t.balancer.create)
  await follow(tab, 'listener')
  for (const title of [t.common.next, t.common.next, t.common.next, t.common.submit]) {
    await page.locator('form').getByRole('button', { name: title, exact: true }).click()
  }
  await isDone(tab, 'listener')
  await submitPage(tab, 'service', t.service.create)
}

async function makeEndpoint(tab: Tab): Promise<void> {
  await follow(tab, 'endpoint')
  await tab.page.getByRole('radio', { name: /com\.aliyuncs\.privatelink/ }).click()
  await tab.page.locator('form').getByRole('button', { name: tab.t.endpoint.create, exact: true }).click()
  await isDone(tab, 'endpoint')
}

async function allow(tab: Tab): Promise<void> {
  const { page, t } = tab
  await follow(tab, 'allow')
  await page.getByRole('button', { name: t.connection.allow, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: t.common.confirm, exact: true }).click()
  await isDone(tab, 'allow')
}

async function openService(tab: Tab): Promise<void> {
  await follow(tab, 'open')
  await unfold(tab)
  const line = await stepOf(tab, 'open').locator('dd .mono').textContent()
  expect(line).toMatch(/^curl http:\/\/ep-[a-z0-9]+\.epsrv-/)
  await inShell(tab, 'ECS1', String(line).replace('curl', 'curl -s'), /Hello from \S+/)
  await panel(tab).getByText(texts[tab.language].end).waitFor({ timeout: 60_000 })
}

/** Left and gone on with. */
async function withinOneAccount(): Promise<void> {
  const tab = await enter(await deployment.account('tour-one'), { language: 'zh', dark: true })
  const { page } = tab
  await tab.open('/tours')
  await page.getByRole('button', { name: zh.start }).first().click()
  await panel(tab).waitFor()
  await expectNoFindings(tab)
  await tab.shoot('tour-start')
  await follow(tab, 'vpc1')
  await page.getByRole('dialog').waitFor()
  await tab.shoot('tour-form')
  await page.reload()
  await panel(tab).waitFor()
  await makeConsumer(tab)
  await panel(tab).getByRole('button', { name: zh.leave }).click()
  await panel(tab).waitFor({ state: 'detached' })
  await tab.open('/tours/same-account')
  await page.getByRole('button', { name: zh.start }).click()
  await makeProvider(tab)
  await makeEndpoint(tab)
  await tab.shoot('tour-endpoint')
  await allow(tab)
  await openService(tab)
  await expectNoFindings(tab)
  await tab.shoot('tour-end')
  tab.expectNoErrors()
}

/** The provider on a narrow window. */
async function acrossTwoAccounts(): Promise<void> {
  const accounts = [
    await deployment.account('tour-consumer'),
    await deployment.account('tour-provider'),
  ] as const
  const consumer = await enter(accounts[0], { language: 'en' })
  const provider = await enter(accounts[1], { language: 'en', width: 390 })
  for (const [tab, side] of [
    [consumer, 'consumer'],
    [provider, 'provider'],
  ] as const) {
    await tab.open('/tours/cross-account')
    await tab.page.getByRole('button', { name: en.start }).click()
    await panel(tab).getByText(en.sides[side], { exact: true }).click()
    await stepOf(tab, side === 'consumer' ? 'vpc1' : 'vpc2').waitFor()
    await expectNoFindings(tab)
    await tab.shoot(`tour-${side}`)
  }
  await makeConsumer(consumer)
  await follow(provider, 'vpc2')
  await provider.page.getByRole('dialog').waitFor()
  await provider.shoot('tour-provider-form')
  await provider.page.keyboard.press('Escape')
  await makeProvider(provider)
  await follow(provider, 'whitelist')
  const dialog = provider.page.getByRole('dialog')
  await dialog.getByLabel(provider.t.common.accountId).fill(accounts[0].id)
  await dialog.getByRole('button', { name: provider.t.common.confirm, exact: true }).click()
  await isDone(provider, 'whitelist')
  await makeEndpoint(consumer)
  await allow(provider)
  await openService(consumer)
  await expectNoFindings(provider)
  await provider.shoot('tour-provider-end')
  consumer.expectNoErrors()
  provider.expectNoErrors()
}

test('both tours at once: most of the time one waits', { timeout: 400_000 }, async () => {
  await Promise.all([withinOneAccount(), acrossTwoAccounts()])
})
