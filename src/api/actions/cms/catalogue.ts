/** DescribeMetricMetaList and DescribeProjectMeta: what is measured. */
import { z } from 'zod'
import {
  allMetrics,
  balancerNamespace,
  networkBalancerNamespace,
  privateLinkNamespace,
  statistics,
} from '../../../model/metrics.ts'
import { defineAction } from '../../action.ts'
import { pageOf, pageParams } from '../../paging.ts'
import { text } from '../../params.ts'
import { wrapped } from '../../results.ts'
import { done, head } from './params.ts'

const metric = z.object({
  MetricName: z.string(),
  Namespace: z.string(),
  Description: z.string(),
  Dimensions: z.string(),
  Unit: z.string(),
  Statistics: z.string(),
  Periods: z.string(),
  Labels: z.string(),
})

const describeMetricMetaList = defineAction({
  product: 'Cms',
  name: 'DescribeMetricMetaList',
  summary: { en: 'Lists the metrics that can be asked for.', zh: '查询云监控开放的时序类指标监控项描述。' },
  status: {
    partial:
      'The metrics that are measured here. Metrics of connections (`…ActiveConnection`, `…NewConnection`) of endpoints and services are additions: the public list has none. Names of the listeners of an NLB are put together from several sources and unverified; there are none by VIP. `Labels` does not filter.',
  },
  params: z.object({
    Namespace: text().optional(),
    MetricName: text().optional(),
    Labels: text().optional(),
    ...pageParams(30, 10_000),
  }),
  result: z.object({ ...head, TotalCount: z.string(), Resources: wrapped('Resource', metric) }),
  effect: 'read',
  handler: (_, given) => {
    const found = allMetrics.filter(
      ({ namespace, name }) =>
        (given.Namespace ?? namespace) === namespace && (given.MetricName ?? name) === name,
    )
    const { offset, limit } = pageOf(given)
    return Promise.resolve({
      ...done,
      TotalCount: String(found.length),
      Resources: {
        Resource: found.slice(offset, offset + limit).map(({ namespace, name, ...one }) => ({
          MetricName: name,
          Namespace: namespace,
          Description: one.about,
          Dimensions: ['userId', ...one.dimensions.map((dimension) => dimension.name)].join(','),
          Unit: one.unit,
          Statistics: statistics.join(','),
          Periods: '60,300,900,3600',
          Labels: '[]',
        })),
      },
    })
  },
})

const projects = [
  { Namespace: privateLinkNamespace, Description: 'PrivateLink', Labels: '[]' },
  { Namespace: balancerNamespace, Description: 'Classic Load Balancer', Labels: '[]' },
  { Namespace: networkBalancerNamespace, Description: 'Network Load Balancer', Labels: '[]' },
]

const describeProjectMeta = defineAction({
  product: 'Cms',
  name: 'DescribeProjectMeta',
  summary: { en: 'Lists the services that are measured.', zh: '查询云监控已接入的云服务信息。' },
  status: { partial: 'The three namespaces that there are here. `Labels` does not filter.' },
  params: z.object({ Labels: text().optional(), ...pageParams(30, 10_000) }),
  result: z.object({
    ...head,
    PageNumber: z.string(),
    PageSize: z.string(),
    Total: z.string(),
    Resources: wrapped(
      'Resource',
      z.object({ Namespace: z.string(), Description: z.string(), Labels: z.string() }),
    ),
  }),
  effect: 'read',
  handler: (_, given) => {
    const { offset, limit } = pageOf(given)
    return Promise.resolve({
      ...done,
      PageNumber: String(given.PageNumber),
      PageSize: String(given.PageSize),
      Total: String(projects.length),
      Resources: { Resource: projects.slice(offset, offset + limit) },
    })
  },
})

export const metricCatalogueActions = [describeMetricMetaList, describeProjectMeta]
