/** Forwarding rules and redirects of HTTP listeners, seen by what answers a request. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCertificate } from '../../fixtures/certificates.ts'
import { until } from '../../fixtures/deployment.ts'
import { startSystem, type System } from './system.ts'
import { makeWeb, type Web } from './web.ts'

const scope = new AsyncDisposableStack()
let system: System
let web: Web
let groups: Readonly<Record<string, { readonly id: string; readonly server: string }>>
let rest: string

beforeAll(async () => {
  system = scope.use(await startSystem())
  web = await makeWeb(system, 4)
  const [own = '', ...others] = web.servers
  rest = own
  await web.slb('RemoveBackendServers', {
    BackendServers: JSON.stringify(others.map((ServerId) => ({ ServerId }))),
  })
  const named = await Promise.all(
    ['named', 'wild', 'path'].map(async (name, index) => {
      const server = others[index] ?? ''
      const made = await web.slb('CreateVServerGroup', {
        VServerGroupName: name,
        BackendServers: JSON.stringify([{ ServerId: server, Port: 80 }]),
      })
      return [name, { id: String(made['VServerGroupId']), server }] as const
    }),
  )
  groups = Object.fromEntries(named)
  await web.listen('HTTP', 80)
  await until('the server', async () => (await answer('any')) === rest || undefined)
})
afterAll(() => scope.disposeAsync())

const group = (name: string) => groups[name] ?? { id: '', server: '' }

/** The server that answers, or the status. */
async function answer(host: string, path = '/', url = `http://${web.address}`): Promise<string> {
  const said = await web.ask(`${url}${path}`, '-H', `Host: ${host}`, '-w', '\n%{http_code}').catch(() => '')
  return /^i-\S+/.exec(said)?.[0] ?? said.trim().split('\n').at(-1) ?? ''
}

test('requests go by domain and path, the rest to the listener’s own servers', async () => {
  const rules = [
    { RuleName: 'named', Domain: 'www.shop.example', Url: '/cart', VServerGroupId: group('named').id },
    { RuleName: 'wild', Domain: '*.shop.example', VServerGroupId: group('wild').id },
    { RuleName: 'path', Url: '/img', VServerGroupId: group('path').id },
    { RuleName: 'longer', Url: '/img/thumbs', VServerGroupId: group('named').id },
  ]
  const RuleList = JSON.stringify(rules)
  const made = await web.slb('CreateRules', { ListenerPort: 80, RuleList })
  await until('the rules', async () => (await answer('a.shop.example')) === group('wild').server || undefined)
  const expected = [
    ['www.shop.example', '/cart/1', group('named').server],
    ['WWW.Shop.example:80', '/cart', group('named').server],
    // The domain has rules for other paths only.
    ['www.shop.example', '/', '404'],
    ['eu.west.shop.example', '/cart', group('wild').server],
    ['shop.example', '/img/1.png', group('path').server],
    ['shop.example', '/img/thumbs/1.png', group('named').server],
    ['shop.example', '/', rest],
  ] as const
  for (const [host, path, who] of expected)
    expect([host, path, await answer(host, path)]).toEqual([host, path, who])

  const [{ RuleId } = { RuleId: '' }] = (made['Rules'] as { Rule: { RuleId: string }[] }).Rule
  await system.call('Slb', 'SetRule', { RuleId, VServerGroupId: group('path').id })
  await until(
    'the other group',
    async () => (await answer('www.shop.example', '/cart')) === group('path').server || undefined,
  )
  await system.call('Slb', 'DeleteRules', { RuleIds: JSON.stringify([RuleId]) })
  await until(
    'the wildcard',
    async () => (await answer('www.shop.example', '/cart')) === group('wild').server || undefined,
  )
})

test('a rule’s server that fails its check takes no requests', async () => {
  await web.slb('SetLoadBalancerHTTPListenerAttribute', {
    ListenerPort: 80,
    HealthCheck: 'on',
    HealthCheckInterval: 1,
    HealthyThreshold: 2,
    UnhealthyThreshold: 2,
    // Nobody listens there.
    HealthCheckConnectPort: 81,
  })
  await until('503', async () => (await answer('shop.example', '/img')) === '503' || undefined)
  await until('its status', async () => {
    const status = await web.slb('DescribeHealthStatus', { ListenerPort: 80 })
    const { BackendServer: seen } = status['BackendServers'] as {
      BackendServer: { ServerId: string; ServerHealthStatus: string }[]
    }
    const one = seen.find(({ ServerId }) => ServerId === group('path').server)
    return one?.ServerHealthStatus === 'abnormal' || undefined
  })
  await web.slb('SetLoadBalancerHTTPListenerAttribute', { ListenerPort: 80, HealthCheckConnectPort: -520 })
  await until(
    'it again',
    async () => (await answer('shop.example', '/img')) === group('path').server || undefined,
  )
})

test('an HTTPS listener has rules of its own', async () => {
  const pair = await makeCertificate('shop.example')
  const { ServerCertificateId } = await system.call('Slb', 'UploadServerCertificate', { ...pair })
  await web.listen('HTTPS', 443, { ServerCertificateId: String(ServerCertificateId) })
  const rule = { RuleName: 'wild', Domain: '*.shop.example', VServerGroupId: group('wild').id }
  await web.slb('CreateRules', { ListenerPort: 443, RuleList: JSON.stringify([rule]) })
  const url = `https://${web.address}`
  await until(
    'the rule',
    async () => (await answer('a.shop.example', '/', url)) === group('wild').server || undefined,
  )
  expect(await answer('shop.example', '/', url)).toBe(rest)
})

test.each(['302', '303', '307', '308'])('a redirect with %s', async (ForwardCode) => {
  const port = 8000 + Number(ForwardCode)
  await web.listen('HTTP', port, { ListenerForward: 'on', ForwardCode })
  const said = await until('an answer', async () => {
    const head = await web
      .ask(`http://${web.address}:${port}/a?b=c`, '-i', '-H', 'Host: shop.example')
      .catch(() => '')
    return head || undefined
  })
  expect(said).toContain(`HTTP/1.1 ${ForwardCode}`)
  expect(said).toMatch(/location: https:\/\/shop\.example\/a\?b=c\r/i)
})
