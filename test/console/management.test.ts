/** Pages beyond the walkthroughs: what their forms refuse, and what they do. No privilege is needed: the agent agrees to everything. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { client } from '../../src/cli/client.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { closeTabs, launch, openTab, region, type Language, type Tab } from './browser.ts'
import { choose, signInAtOnce } from './steps.ts'

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
  await signInAtOnce(tab, key)
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

  test('resources of any kind are tagged, listed by kind, and untagged', async () => {
    const { tab, call } = await enter(language)
    const { page, t } = tab
    for (const VpcName of ['one', 'two']) {
      await call('Vpc', 'CreateVpc', { VpcName, CidrBlock: '10.0.0.0/16' })
    }
    await call('Ecs', 'CreateKeyPair', { KeyPairName: 'laptop' })
    await tab.open('/tags')
    await page.getByText(t.tags.empty).waitFor()
    await press(tab, t.tags.create)
    const dialog = page.getByRole('dialog')
    await confirm(tab)
    await expect.poll(() => dialog.getByText(t.common.required).count()).toBe(3)
    await dialog.getByRole('textbox', { name: t.tags.key, exact: true }).fill('acs:env')
    await confirm(tab)
    await dialog.locator('.ant-form-item-explain-error').getByText(t.tags.keyRule).waitFor()
    await dialog.getByRole('textbox', { name: t.tags.key, exact: true }).fill('env')
    await choose(dialog, t.tags.kind, t.tags.kinds['vpc:vpc'])
    for (const name of ['one', 'two']) await choose(dialog, t.tags.resources, name)
    await page.keyboard.press('Escape')
    await confirm(tab)
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('link', { name: /^vpc-/ }).count()).toBe(2)
    await press(tab, t.tags.create)
    await choose(dialog, t.tags.kind, t.tags.kinds['ecs:keypair'])
    await choose(dialog, t.tags.resources, 'laptop')
    await page.keyboard.press('Escape')
    await dialog.getByRole('textbox', { name: t.tags.key, exact: true }).fill('owner')
    await dialog.getByRole('textbox', { name: t.tags.value, exact: true }).fill('alice')
    await confirm(tab)
    await dialog.waitFor({ state: 'detached' })
    await choose(page, t.tags.kind, t.tags.kinds['ecs:keypair'])
    await page.waitForURL(/kind=ecs%3Akeypair$/)
    await expect.poll(() => page.getByRole('link', { name: /^vpc-/ }).count()).toBe(0)
    await page.getByRole('row', { name: 'alice' }).getByRole('button', { name: t.common.remove }).click()
    await dialog.getByRole('button', { name: t.common.remove, exact: true }).click()
    await page.getByText(t.common.noMatch).waitFor()
    tab.expectNoErrors()
  })

  test('secrets are in no shown call, nor in what is copied', async () => {
    const { tab, call } = await enter(language)
    const { page, t } = tab
    await call('Ram', 'CreateUser', { UserName: 'alice' })
    await tab.open('/ram-users/alice?tab=password')
    await press(tab, t.users.setPassword)
    const dialog = page.getByRole('dialog')
    await dialog.locator('input[type=password]').fill('Tr0ub4dor&3')
    await dialog.getByRole('button', { name: t.page.formCall }).click()
    await dialog.getByText(t.page.secretsHidden('******')).waitFor()
    const texts = await dialog.locator('pre').allTextContents()
    expect(texts).toHaveLength(2)
    for (const text of texts) {
      expect(text).toContain('******')
      expect(text).not.toContain('Tr0ub4dor')
    }
    await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: `${t.common.copy} ${t.page.commandLine}` }).click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(texts[1])
    await confirm(tab)
    await dialog.waitFor({ state: 'detached' })
    await tab.open('/server-certificates')
    await press(tab, t.http.upload)
    await dialog.getByLabel(t.http.key).fill('-----BEGIN PRIVATE KEY-----\nMIIsecret')
    await dialog.getByRole('button', { name: t.page.formCall }).click()
    await dialog.getByText(t.page.secretsHidden('******')).waitFor()
    expect((await dialog.locator('pre').allTextContents()).join()).not.toContain('MIIsecret')
    tab.expectNoErrors()
  })

  test('what does not fit is said at its field', { timeout: 90_000 }, async () => {
    const { tab, call } = await enter(language)
    const { page, t } = tab
    const { VpcId } = await call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
    await server.settled()
    const { SecurityGroupId } = await call('Ecs', 'CreateSecurityGroup', { VpcId: String(VpcId) })
    const { RouterTableList } = await call('Vpc', 'DescribeRouteTableList', {})
    const [table] = (RouterTableList as { RouterTableListType: { RouteTableId: string }[] })
      .RouterTableListType
    const name = t.common.name
    const group = `/security-groups/${String(SecurityGroupId)}`
    const cases = [
      ['/security-groups', t.security.create, name, '1', t.common.nameRule],
      [group, t.security.addRule, t.security.ports, '80', t.security.portsHint],
      [group, t.security.addRule, t.security.source, 'anyone', t.security.peerHint],
      ['/prefix-lists', t.routing.createPrefix, t.routing.block, '10.0.0.0', t.common.blockRule],
      [
        `/route-tables/${table?.RouteTableId}`,
        t.routing.addEntry,
        t.routing.destination,
        'x',
        t.common.blockRule,
      ],
      ['/nlb-server-groups', t.nlb.createGroup, name, 'a:b', t.nlb.nameRule],
      [
        '/server-certificates?tab=authorities',
        t.http.uploadAuthority,
        t.http.authorityPem,
        'x',
        t.http.pemRule,
      ],
      ['/ram-users', t.users.create, t.users.userName, 'a b', t.users.nameRule],
      ['/ram-groups', t.ram.createGroup, t.ram.groupName, 'a b', t.ram.groupRule],
      ['/ram-roles', t.ram.createRole, t.ram.roleName, 'a_b', t.ram.roleRule],
      ['/ram-roles', t.ram.createRole, t.ram.trustedAccount, '1', t.ram.accountRule],
      ['/resource-groups', t.groups.create, t.groups.identifier, '1x', t.groups.identifierRule],
      ['/instances/create', undefined, t.instance.address, '10.0.0', t.common.addressRule],
    ] as const
    await tab.open('')
    for (const [path, button, field, bad, rule] of cases) {
      await tab.turnTo(path)
      await page.locator(`[data-path$="${path}"]`).waitFor()
      if (button !== undefined) await press(tab, button)
      const form = button === undefined ? page.getByRole('main') : page.getByRole('dialog')
      await form.getByRole('textbox', { name: field, exact: true }).fill(bad)
      await form.locator('button[type=submit]').click()
      await form.locator('.ant-form-item-explain-error').getByText(rule, { exact: true }).waitFor()
      if (button !== undefined) await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    tab.expectNoErrors()
  })
})
