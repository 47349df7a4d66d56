/** Pages beyond the walkthroughs: what their forms refuse, and what they do. No privilege is needed: the agent agrees to everything. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { client } from '../../src/cli/client.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { closeTabs, launch, openTab, region, type Language, type Tab } from './browser.ts'
import { choose, signInWithKey } from './steps.ts'

let server: RunningServer
let browser: Browser

beforeAll(async () => {
  server = await startServer()
  browser = await launch()
})

afterEach(() => closeTabs(browser))

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

let accounts = 0

async function enter(language: Language) {
  const made = await server.createAccount(String(20_000_000 + ++accounts), `manager-${accounts}`)
  const key = { id: made.AccessKeyId, secret: made.AccessKeySecret }
  const tab = await openTab(browser, { url: `http://${server.host}`, language })
  tab.allow(401)
  await signInWithKey(tab, key)
  tab.allow()
  const call = client({
    endpoint: `https://${server.host}`,
    ca: server.ca,
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    region,
  })
  return { tab, call }
}

const press = ({ page }: Tab, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Sends the form of the drawer. */
const confirm = ({ page, t }: Tab) =>
  page.getByRole('dialog').getByRole('button', { name: t.common.confirm, exact: true }).click()

describe.each(['en', 'zh'] as const)('in %s', (language) => {
  test('the private half of a key pair is shown once', async () => {
    const { tab } = await enter(language)
    const { page, t } = tab
    await tab.open('/key-pairs')
    await page.getByText(t.keys.empty).waitFor()
    await press(tab, t.keys.create)
    await confirm(tab)
    await page.getByText(t.common.required).waitFor()
    await page.getByRole('textbox', { name: t.common.name, exact: true }).fill('laptop')
    await confirm(tab)
    await page.getByText(t.keys.once).waitFor()
    expect(await page.getByLabel(t.keys.privateKey, { exact: true }).textContent()).toMatch(
      /^-----BEGIN RSA PRIVATE KEY-----/,
    )
    const link = page.getByRole('link', { name: 'laptop.pem' })
    expect(await link.getAttribute('download')).toBe('laptop.pem')
    await tab.shoot('key-pair-made')
    await page.reload()
    await page.getByRole('cell', { name: 'laptop' }).waitFor()
    expect(await page.getByText(t.keys.once).count()).toBe(0)
    await press(tab, t.keys.import)
    await page.getByRole('textbox', { name: t.common.name, exact: true }).fill('other')
    await page.getByRole('textbox', { name: t.keys.publicKey, exact: true }).fill('no key')
    await confirm(tab)
    await page.getByText(t.keys.publicKeyRule).waitFor()
    tab.expectNoErrors()
  })

  test('policies and certificates are looked at before they are sent', async () => {
    const { tab } = await enter(language)
    const { page, t } = tab
    await tab.open('/ram-policies')
    await press(tab, t.ram.createPolicy)
    await page.getByLabel(t.ram.policyName).fill('with space')
    await page.getByLabel(t.ram.document).fill('{"Version"')
    await confirm(tab)
    await page.getByText(t.ram.documentRule).waitFor()
    await page.getByLabel(t.ram.policyName).fill('look-only')
    await page.getByLabel(t.ram.document).fill('{"Version": "1"}')
    await confirm(tab)
    // What only the server knows is shown in the form too, and is no error of the page.
    await page.getByRole('dialog').getByRole('alert').getByText('MalformedPolicyDocument').waitFor()
    await tab.open('/server-certificates')
    await press(tab, t.http.upload)
    await page.getByLabel(t.http.pem).fill('nonsense')
    await page.getByLabel(t.http.key).fill('nonsense')
    await confirm(tab)
    await page.getByText(t.http.pemRule).waitFor()
    await page.getByText(t.http.keyRule).waitFor()
    tab.expectNoErrors()
  })

  test('several resources move to another group at once', async () => {
    const { tab, call } = await enter(language)
    const { page, t } = tab
    for (const VpcName of ['one', 'two', 'three']) {
      await call('Vpc', 'CreateVpc', { VpcName, CidrBlock: '10.0.0.0/16' })
    }
    await call('ResourceManager', 'CreateResourceGroup', { Name: 'shop', DisplayName: 'Shop' })
    await tab.open('/resource-groups')
    const boxes = page.getByRole('checkbox', { name: /vpc-/ })
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await press(tab, t.groups.moveSome(2))
    await choose(page.getByRole('dialog'), t.groups.target, 'Shop')
    await confirm(tab)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const { ResourceGroups } = await call('ResourceManager', 'ListResourceGroups', { Name: 'shop' })
    const group = (ResourceGroups as { ResourceGroup: { Id: string }[] }).ResourceGroup[0]?.Id
    const { TotalCount } = await call('ResourceManager', 'ListResources', { ResourceGroupId: group })
    expect(TotalCount).toBe(2)
    tab.expectNoErrors()
  })
})
