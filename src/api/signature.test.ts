import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { signV1, stringToSignV1 } from './signature-v1.ts'
import { canonicalRequestsV3, parseAuthorizationV3, sha256, signV3, stringToSignV3 } from './signature-v3.ts'

const require = createRequire(import.meta.url)
const { default: util } = require('@alicloud/openapi-util') as typeof import('@alicloud/openapi-util')
const tea = require('@alicloud/tea-typescript') as typeof import('@alicloud/tea-typescript')

const tagValue = "a b*~'!"

test('V1 gives the published signatures', () => {
  const params = new Map([
    ['Action', 'ListVpcEndpointServices'],
    ['AccessKeyId', 'LTAIexample'],
    ['Format', 'JSON'],
    ['MaxResults', '50'],
    ['RegionId', 'cn-hangzhou'],
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureNonce', 'n-0001'],
    ['SignatureVersion', '1.0'],
    ['Signature', 'takes no part'],
    ['Tag.1.Key', 'env'],
    ['Tag.1.Value', tagValue],
    ['Timestamp', '2026-11-23T08:00:00Z'],
    ['Version', '2020-04-15'],
  ])
  expect(stringToSignV1('GET', params)).toContain('a%2520b%252A~%2527%2521')
  expect(signV1('example-secret', stringToSignV1('GET', params))).toBe('wOdHmZypJ5LfMxsg3JcqOTr/4SM=')
  expect(signV1('example-secret', stringToSignV1('POST', params))).toBe('WYZr7Pd0Tt2SGt7nyVHtz7W6LzA=')
})

test('V3 gives the published signature', () => {
  const [canonical = ''] = canonicalRequestsV3({
    method: 'POST',
    query: new Map([
      ['Tag.1.Value', tagValue],
      ['Tag.1.Key', 'env'],
      ['RegionId', 'cn-hangzhou'],
    ]),
    headers: [
      ['host', 'api.example.test:8080'],
      ['x-acs-action', 'ListVpcEndpointServices'],
      ['x-acs-content-sha256', sha256('')],
      ['x-acs-date', '2026-11-23T08:00:00Z'],
      ['x-acs-signature-nonce', 'n-0001'],
      ['x-acs-version', '2020-04-15'],
    ],
    bodyHash: sha256(''),
  })
  expect(sha256(canonical)).toBe('549a9feb82da3a6e87b7381150341d38eb4b44adf25b9b49ef4cb83cb47dbefb')
  expect(signV3('example-secret', stringToSignV3(canonical))).toBe(
    'e1274fcf2bb84d389d6ff89de023639567bdef172e6714103e7615074aa74a81',
  )
})

/** Names are ASCII in every API; `__proto__` is no parameter of the SDK's plain objects. */
const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text !== '__proto__')
const value = fc.string({ unit: 'binary', maxLength: 40 })
const params = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 12 })
const method = fc.constantFrom('GET', 'POST')

test("V1 equals the SDK's own signature for any parameters", () => {
  fc.assert(
    fc.property(params, method, fc.string(), (pairs, verb, secret) => {
      const ours = signV1(secret, stringToSignV1(verb, new Map(pairs)))
      expect(ours).toBe(util.getRPCSignature(Object.fromEntries(pairs), verb, secret))
    }),
  )
})

test("one of the V3 forms equals the SDK's own signature for any parameters and body", () => {
  fc.assert(
    fc.property(params, method, fc.string(), (pairs, verb, body) => {
      const safe = pairs.filter(([key]) => !/[&=%\s]/.test(key))
      const bodyHash = createHash('sha256').update(body).digest('hex')
      const headers: [string, string][] = [
        ['content-type', 'application/x-www-form-urlencoded'],
        ['host', 'localhost:8080'],
        ['x-acs-action', 'Echo'],
      ]
      const request = new tea.Request()
      request.method = verb
      request.pathname = '/'
      request.query = Object.fromEntries(safe)
      request.headers = Object.fromEntries(headers)
      const sdk = util.getAuthorization(request, 'ACS3-HMAC-SHA256', bodyHash, 'LTAIexample', 'secret')
      const ours = canonicalRequestsV3({ method: verb, query: new Map(safe), headers, bodyHash }).map(
        (canonical) => signV3('secret', stringToSignV3(canonical)),
      )
      const parsed = parseAuthorizationV3(sdk)
      expect(parsed?.signedHeaders).toEqual(headers.map(([key]) => key))
      expect(ours).toContain(parsed?.signature)
    }),
  )
})

test('a name with a separator in it has the unmistakable form only', () => {
  const headers = [['host', 'localhost']] as const
  const forms = (query: ReadonlyMap<string, string>) =>
    canonicalRequestsV3({ method: 'POST', query, headers, bodyHash: sha256('') })
  expect(forms(new Map([['a=1&b', '2']]))).toHaveLength(1)
  expect(forms(new Map([['a=1&b', '2']]))).not.toEqual(forms(new Map(Object.entries({ a: '1', b: '2' }))))
  expect(forms(new Map([['名', '1']]))).toHaveLength(2)
})

test('an Authorization header of another form is not understood', () => {
  expect(parseAuthorizationV3('ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host')).toBeUndefined()
  expect(parseAuthorizationV3('ACS3-HMAC-SHA256')).toBeUndefined()
  expect(parseAuthorizationV3('ACS3-HMAC-SM3 Credential=a,SignedHeaders=host,Signature=b')).toEqual({
    algorithm: 'ACS3-HMAC-SM3',
    accessKeyId: 'a',
    signedHeaders: ['host'],
    signature: 'b',
  })
})
