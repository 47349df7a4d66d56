import { asks, type Provoke, type Refusals } from './world.ts'

const wrongArn = { ResourceARN: ['vpc-1'] }
const wrongType = {
  'InvalidParameter.ResourceType': asks({
    ResourceType: 'ALIYUN::OSS::BUCKET',
    Key: 'a',
    'TagFilter.Key': 'a',
  }),
}
const tags =
  (Tags: object): Provoke =>
  ({ owner, vpcArn }) => [owner, { ResourceARN: [vpcArn], Tags: JSON.stringify(Tags) }]
const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, '']))

export const tagRefusals: Refusals = {
  DescribeRegions: {},
  TagResources: {
    'InvalidParameter.ResourceARN': asks({ ...wrongArn, Tags: '{"a":"1"}' }),
    'InvalidParameter.TagKey': tags({ 'acs:a': '1' }),
    'InvalidParameter.TagValue': tags({ a: 'https://b' }),
    'InvalidParameter.Tags': tags(many),
  },
  UntagResources: { 'InvalidParameter.ResourceARN': asks({ ...wrongArn, TagKey: ['a'] }) },
  ListTagResources: { 'InvalidParameter.ResourceARN': asks(wrongArn) },
  ListTagKeys: wrongType,
  ListTagValues: wrongType,
  ListResourcesByTag: wrongType,
}
