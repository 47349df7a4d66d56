/** Both walkthroughs, entirely by clicking, on a real deployment: it ends with real packets. */
import { mkdtemp } from 'node:fs/promises'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { webServer } from '../../console/src/pages/tours/web-server.ts'
import { startDeployment, type Account, type Deployment } from '../fixtures/deployment.ts'
import { launch, openTab, type Language, type Tab } from './browser.ts'
import {
  activate,
  addListener,
  addToWhitelist,
  allowConnection,
  createBalancer,
  createEndpoint,
  createInstance,
  createSecurityGroup,
  createService,
  createVpc,
  createVSwitch,
  inShell,
  signInWithKey,
} from './steps.ts'

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

async function enter({ key }: Account, language: Language): Promise<Tab> {
  const tab = await openTab(browser, { url: deployment.console, language })
  // Asked before anybody is signed in, and before PrivateLink is activated.
  tab.allow(401)
  await signInWithKey(tab, key)
  await activate(tab)
  return tab
}

const zone = 'eu-central-1b'

async function offer(
  tab: Tab,
  plan: { block: string; vswitch: string; addresses: readonly [string, string] },
) {
  await createVpc(tab, 'VPC2', plan.block)
  await createVSwitch(tab, 'VPC2', 'vsw2', zone, plan.vswitch)
  await createSecurityGroup(tab, 'VPC2', 'backends')
  for (const [index, address] of plan.addresses.entries()) {
    const name = `ECS${index + 2}`
    await createInstance(tab, {
      name,
      vpc: 'VPC2',
      vswitch: 'vsw2',
      group: 'backends',
      address,
      userData: webServer,
    })
  }
  await createBalancer(tab, { name: 'clb', vpc: 'VPC2', vswitch: 'vsw2', zone })
  await addListener(tab, ['ECS2', 'ECS3'])
  return await createService(tab, zone, 'clb')
}

async function prepareConsumer(tab: Tab): Promise<void> {
  await createVpc(tab, 'VPC1', '10.0.0.0/16')
  await createVSwitch(tab, 'VPC1', 'vsw1', zone, '10.0.0.0/24')
  await createSecurityGroup(tab, 'VPC1', 'clients')
  await createInstance(tab, {
    name: 'ECS1',
    vpc: 'VPC1',
    vswitch: 'vsw1',
    group: 'clients',
    address: '10.0.0.182',
  })
}

const place = { vpc: 'VPC1', group: 'clients', vswitch: 'vsw1' }

const languages = ['en', 'zh'] as const

async function withinOneAccount(language: Language): Promise<void> {
  const tab = await enter(await deployment.account(`one-${language}`), language)
  await prepareConsumer(tab)
  const addresses = ['192.168.20.200', '192.168.20.201'] as const
  const service = await offer(tab, { block: '192.168.0.0/16', vswitch: '192.168.20.0/24', addresses })
  const endpoint = await createEndpoint(tab, {
    ...place,
    name: 'quickstart',
    service: service.name,
    by: 'list',
    zone,
  })
  await allowConnection(tab, service.id, endpoint)
  const domain = `${endpoint}.${service.id}.eu-central-1.privatelink.aliyuncs.com`
  await inShell(tab, 'ECS1', `curl -s http://${domain}/`, /Hello from \S+/)
  await tab.shoot('shell')
  await tab.open('')
  await tab.page.locator(`[data-edge="${endpoint} ${service.id}"][data-state=Connected]`).waitFor()
  await tab.shoot('overview')
  tab.expectNoErrors()
  await tab.context.close()
}

async function acrossTwoAccounts(language: Language): Promise<void> {
  const consumerAccount = await deployment.account(`consumer-${language}`)
  const consumer = await enter(consumerAccount, language)
  const provider = await enter(await deployment.account(`provider-${language}`), language)
  await prepareConsumer(consumer)
  const addresses = ['10.0.0.200', '10.0.0.201'] as const
  const service = await offer(provider, { block: '10.0.0.0/16', vswitch: '10.0.0.0/24', addresses })
  await addToWhitelist(provider, service.id, consumerAccount.id)
  const endpoint = await createEndpoint(consumer, {
    ...place,
    name: 'quickstart',
    service: service.name,
    by: 'name',
    zone,
  })
  await allowConnection(provider, service.id, endpoint)
  const domain = `${endpoint}.${service.id}.eu-central-1.privatelink.aliyuncs.com`
  await inShell(consumer, 'ECS1', `curl -s http://${domain}/`, /Hello from \S+/)
  await provider.open('')
  await provider.page.locator(`[data-edge="${endpoint} ${service.id}"][data-state=Connected]`).waitFor()
  await provider.shoot('overview-provider')
  consumer.expectNoErrors()
  provider.expectNoErrors()
  await Promise.all([consumer.context.close(), provider.context.close()])
}

describe('by clicking, in both languages at once: most of the time one waits', () => {
  test('within one account', { timeout: 240_000 }, async () => {
    await Promise.all(languages.map(withinOneAccount))
  })

  test('across two accounts', { timeout: 300_000 }, async () => {
    await Promise.all(languages.map(acrossTwoAccounts))
  })
})
