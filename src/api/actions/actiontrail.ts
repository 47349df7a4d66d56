/** Actiontrail 2020-07-06: what was called in the caller's account. */
import { z } from 'zod'
import { lookUpEvents, type AuditPosition, type AuditQuery } from '../../store/audit.ts'
import { WrongPosition, type Position } from '../../store/page.ts'
import { defineAction } from '../action.ts'
import { auditedEvent, describeEvent } from '../audited-event.ts'
import { nextToken, token } from '../paging.ts'
import { choice, integer, text } from '../params.ts'
import { products } from '../products.ts'
import { demand } from '../require.ts'
import { seconds } from '../results.ts'

const dayMs = 86_400_000
const usualDays = 7
const mostDays = 30

const keys = [
  'ServiceName',
  'EventName',
  'User',
  'EventId',
  'ResourceType',
  'ResourceName',
  'EventRW',
  'EventAccessKeyId',
] as const

const lookupAttribute = z.object({ Key: choice(keys), Value: text() })
type LookupAttribute = z.infer<typeof lookupAttribute>

const time = () => text({ pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ })

export const lookupEvents = defineAction({
  product: 'Actiontrail',
  name: 'LookupEvents',
  summary: { en: "Looks up the calls made in the caller's account.", zh: '查询当前账号的操作事件。' },
  status: {
    partial:
      'Calls of the API made here, and cuts of connections (`CutConnection`, of the type `AliyunServiceEvent`), from the moment of their answer on. One query looks at 10,000 calls at most, so a page may be short or empty while `NextToken` says that there is more.',
  },
  params: z.object({
    StartTime: time().optional(),
    EndTime: time().optional(),
    MaxResults: integer(0, 50).default(20),
    NextToken: token().optional(),
    Direction: choice(['FORWARD', 'BACKWARD']).default('BACKWARD'),
    LookupAttribute: z.array(lookupAttribute).max(2).optional(),
  }),
  result: z.object({
    StartTime: z.string(),
    EndTime: z.string(),
    Events: z.array(auditedEvent),
    /** Only where there is more. */
    NextToken: z.string().optional(),
  }),
  effect: 'read',
  handler: async ({ tx, caller, now }, params) => {
    const end = params.EndTime === undefined ? now.getTime() : timeOf('EndTime', params.EndTime)
    const start =
      params.StartTime === undefined ? end - usualDays * dayMs : timeOf('StartTime', params.StartTime)
    const range = { name: 'EndTime', reason: `not within ${mostDays} days after StartTime` }
    demand(start <= end && end - start <= mostDays * dayMs, 'InvalidParameter', range)
    const { events, next } = await lookUpEvents(tx, {
      account: caller.account,
      from: `${seconds(new Date(start).toISOString()).slice(0, -1)}.000Z`,
      to: `${seconds(new Date(end).toISOString()).slice(0, -1)}.999Z`,
      order: params.Direction === 'FORWARD' ? 'asc' : 'desc',
      after: params.NextToken && positionIn(params.NextToken),
      limit: params.MaxResults,
      ...Object.assign({}, ...(params.LookupAttribute ?? []).map(filterOf)),
    })
    return {
      StartTime: seconds(new Date(start).toISOString()),
      EndTime: seconds(new Date(end).toISOString()),
      Events: events.map(describeEvent),
      ...(next && { NextToken: nextToken({ next: [next.at, next.seq] }) }),
    }
  },
})

function timeOf(name: string, value: string): number {
  const parsed = Date.parse(value)
  demand(!Number.isNaN(parsed), 'InvalidParameter', { name, reason: 'not a time' })
  return parsed
}

function filterOf({ Key, Value }: LookupAttribute): Partial<AuditQuery> {
  switch (Key) {
    case 'ServiceName':
      return { product: productNamed(Value) }
    case 'EventName':
      return { action: Value }
    case 'User':
      return { user: Value }
    case 'EventId':
      return { requestId: Value }
    case 'ResourceType':
      return { resourceType: Value }
    case 'ResourceName':
      return { resource: Value }
    case 'EventRW':
      return { effect: effectNamed(Value) }
    case 'EventAccessKeyId':
      return { accessKey: Value }
  }
}

/** Services are written in more than one way: `PrivateLink`, `Privatelink`. */
function productNamed(name: string): string {
  const wanted = name.toLowerCase()
  return Object.keys(products).find((product) => product.toLowerCase() === wanted) ?? name
}

function effectNamed(name: string): AuditQuery['effect'] {
  const effect = name.toLowerCase()
  demand(effect === 'read' || effect === 'write', 'InvalidParameter', {
    name: 'LookupAttribute.1.Value',
    reason: 'neither Read nor Write',
  })
  return effect
}

function positionIn([at, seq, ...more]: Position): AuditPosition {
  const isPosition = typeof at === 'string' && typeof seq === 'number' && more.length === 0
  if (!isPosition || Number.isNaN(Date.parse(at))) throw new WrongPosition()
  return { at, seq }
}
