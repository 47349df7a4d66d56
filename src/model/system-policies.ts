/** The policies that every account has without making them, under their public names. */

export interface SystemPolicy {
  readonly name: string
  readonly description: string
  readonly document: string
}

/** Since when they are there, as far as the API is concerned. */
export const systemPoliciesSince = '2015-05-01T00:00:00.000Z'

function allow(name: string, description: string, actions: readonly string[]): SystemPolicy {
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }]
  return { name, description, document: JSON.stringify({ Version: '1', Statement }) }
}

const readVerbs = ['Check*', 'Describe*', 'Get*', 'List*', 'Lookup*', 'Query*']

/** The pair of a product: everything, and whatever only reads. */
function product(name: string, code: string): readonly SystemPolicy[] {
  const reads = readVerbs.map((verb) => `${code}:${verb}`)
  return [
    allow(`Aliyun${name}FullAccess`, `Provides full access to ${name} via Management Console.`, [
      `${code}:*`,
    ]),
    allow(
      `Aliyun${name}ReadOnlyAccess`,
      `Provides read-only access to ${name} via Management Console.`,
      reads,
    ),
  ]
}

export const systemPolicies: readonly SystemPolicy[] = [
  allow('AdministratorAccess', 'Provides full access to all cloud services and resources.', ['*']),
  allow(
    'ReadOnlyAccess',
    'Provides read-only access to all cloud services and resources.',
    readVerbs.map((verb) => `*:${verb}`),
  ),
  allow('AliyunSTSAssumeRoleAccess', 'Provides access to the AssumeRole operation of STS.', [
    'sts:AssumeRole',
  ]),
  ...product('ActionTrail', 'actiontrail'),
  ...product('BSS', 'bssapi'),
  ...product('ECS', 'ecs'),
  ...product('NLB', 'nlb'),
  ...product('PrivateLink', 'privatelink'),
  ...product('RAM', 'ram'),
  ...product('ResourceManager', 'resourcemanager'),
  ...product('SLB', 'slb'),
  ...product('Tag', 'tag'),
  ...product('VPC', 'vpc'),
].toSorted((a, b) => (a.name < b.name ? -1 : 1))

export function findSystemPolicy(name: string): SystemPolicy | undefined {
  return systemPolicies.find((policy) => policy.name === name)
}
