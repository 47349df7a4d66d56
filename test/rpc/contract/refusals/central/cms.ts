import { asks, type Provoke, type Refusals } from './world.ts'

const metric = { Namespace: 'acs_privatelink', MetricName: 'VpcEndpointInBps' }
const noMetric = { ...metric, MetricName: 'CPUUtilization' }
const rule = {
  ...metric,
  RuleId: 'busy',
  RuleName: 'busy',
  Resources: JSON.stringify([{ instanceId: 'ep-none' }]),
  'Escalations.Critical.Statistics': 'Average',
  'Escalations.Critical.ComparisonOperator': 'GreaterThanThreshold',
  'Escalations.Critical.Threshold': '1',
}
const data = {
  ParameterInvalid: asks({ ...metric, Period: '90' }),
  ResourceNotFound: asks(noMetric),
}
const mostRules = 200

const oneTooMany: Provoke = async ({ full }) => {
  for (let count = 0; count < mostRules; count += 1)
    await full.cms('PutResourceMetricRule', { ...rule, RuleId: `rule-${count}` })
  return [full, rule]
}

export const cmsRefusals: Refusals = {
  DescribeMetricList: data,
  DescribeMetricLast: data,
  DescribeMetricMetaList: {},
  DescribeProjectMeta: {},
  PutResourceMetricRule: {
    ParameterInvalid: asks({ ...rule, Webhook: 'ftp://example.com' }),
    ResourceNotFound: asks({ ...rule, ...noMetric }),
    ResourceOverLimit: oneTooMany,
  },
  DescribeMetricRuleList: { ParameterInvalid: asks({ Dimensions: '{}' }) },
  DeleteMetricRules: { ResourceNotFound: asks({ Id: ['none'] }) },
  EnableMetricRules: { ResourceNotFound: asks({ RuleId: ['none'] }) },
  DisableMetricRules: { ResourceNotFound: asks({ RuleId: ['none'] }) },
}
