import { expect, test } from 'vitest'
import { arnOf, kindNames, readArn } from '../../console/src/pages/management/tagged-kinds.ts'
import { resourceKinds } from '../../src/api/resource-kinds.ts'

test('the page of tags knows every kind that the server tags', () => {
  const ofServer = resourceKinds.map(({ service, type }) => `${service}:${type}`)
  expect([...kindNames].sort()).toEqual(ofServer.sort())
})

test.each(kindNames)('an ARN of %s is read as it is made', (kind) => {
  expect(readArn(arnOf(kind, 'eu-central-1', '12345678', 'id-1@80'))).toEqual({ kind, id: 'id-1@80' })
})

test('what an ARN of an unknown kind names is still told', () => {
  expect(readArn('arn:acs:oss:eu-central-1:1:bucket/x')).toEqual({ kind: undefined, id: 'x' })
  expect(readArn('nonsense')).toEqual({ kind: undefined, id: 'nonsense' })
})
