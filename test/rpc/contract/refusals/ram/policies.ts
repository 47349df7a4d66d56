/** How each error of policies, their versions and who has them is provoked. */
import type { Params } from '../../clients.ts'
import { allowAll, asks, names, own, spare, type Provoke, type RamWorld, type Refusals } from './world.ts'

const malformed = '{"Version":"2","Statement":[]}'
const missing = { PolicyType: 'Custom', PolicyName: 'none' }
const noPolicy = (params: Params = {}) => ({ 'EntityNotExist.Policy': asks({ ...params, ...missing }) })
const versioned = { ...own, VersionId: 'v1' }

/** Of a policy that only one kind of identity has. */
function heldBy(word: 'User' | 'Group' | 'Role', name: string): Provoke {
  return async ({ owner }) => {
    const policy = { PolicyName: `of-a-${word.toLowerCase()}` }
    await owner.ram('CreatePolicy', { ...policy, PolicyDocument: allowAll })
    await owner.ram(`AttachPolicyTo${word}`, { ...policy, PolicyType: 'Custom', [`${word}Name`]: name })
    return [owner, policy]
  }
}

async function withVersions({ owner }: RamWorld, PolicyName: string, count: number): Promise<void> {
  await owner.ram('CreatePolicy', { PolicyName, PolicyDocument: allowAll })
  for (let version = 1; version < count; version += 1) {
    await owner.ram('CreatePolicyVersion', { PolicyName, PolicyDocument: allowAll })
  }
}

/** The three actions on who has a policy, which each kind of identity has. */
function attachments(word: 'User' | 'Group' | 'Role', holder: string, idle: string): Refusals {
  const parameter = `${word}Name`
  const unknown = { [`EntityNotExist.${word}`]: asks({ ...own, [parameter]: 'none' }) }
  const named = { [parameter]: holder }
  return {
    [`AttachPolicyTo${word}`]: {
      ...names(parameter, own),
      ...names('PolicyName', { ...own, ...named }),
      ...noPolicy(named),
      ...unknown,
      [`EntityAlreadyExists.${word}.Policy`]: asks({ ...own, ...named }),
      [`LimitExceeded.${word}.Policy`]: async ({ owner }) => {
        for (let count = 1; count <= 11; count += 1) {
          const PolicyName = `many-${word}-${count}`
          await owner.ram('CreatePolicy', { PolicyName, PolicyDocument: allowAll })
          if (count === 11) break
          await owner.ram(`AttachPolicyTo${word}`, { PolicyType: 'Custom', PolicyName, [parameter]: idle })
        }
        return [owner, { PolicyType: 'Custom', PolicyName: `many-${word}-11`, [parameter]: idle }]
      },
    },
    [`DetachPolicyFrom${word}`]: {
      ...names(parameter, own),
      ...names('PolicyName', { ...own, ...named }),
      ...noPolicy(named),
      ...unknown,
      [`EntityNotExist.${word}.Policy`]: asks({ ...spare, ...named }),
    },
    [`ListPoliciesFor${word}`]: { ...names(parameter, {}), ...unknown },
  }
}

export const policyRefusals: Refusals = {
  CreatePolicy: {
    ...names('PolicyName', { PolicyDocument: allowAll }),
    'EntityAlreadyExists.Policy': asks({ ...own, PolicyDocument: allowAll }),
    'InvalidParameter.Description.Length': asks({
      PolicyName: 'new',
      PolicyDocument: allowAll,
      Description: 'x'.repeat(1025),
    }),
    'InvalidParameter.PolicyDocument.Length': asks({ PolicyName: 'new', PolicyDocument: ' '.repeat(6145) }),
    'LimitExceeded.Policy': ({ full }) => [full, { PolicyName: 'new', PolicyDocument: allowAll }],
    MalformedPolicyDocument: asks({ PolicyName: 'new', PolicyDocument: malformed }),
  },
  GetPolicy: { ...names('PolicyName', own), ...noPolicy() },
  ListPolicies: {},
  UpdatePolicyDescription: {
    ...names('PolicyName', { NewDescription: 'new' }),
    ...noPolicy({ NewDescription: 'new' }),
    'InvalidParameter.NewDescription.Length': asks({ ...own, NewDescription: 'x'.repeat(1025) }),
  },
  DeletePolicy: {
    ...names('PolicyName', {}),
    ...noPolicy(),
    'DeleteConflict.Policy.Group': heldBy('Group', 'staff'),
    'DeleteConflict.Policy.Role': heldBy('Role', 'Guest'),
    'DeleteConflict.Policy.User': heldBy('User', 'alice'),
    'DeleteConflict.Policy.Version': async (world) => {
      await withVersions(world, 'two-versions', 2)
      return [world.owner, { PolicyName: 'two-versions' }]
    },
  },
  CreatePolicyVersion: {
    ...names('PolicyName', { PolicyDocument: allowAll }),
    ...noPolicy({ PolicyDocument: allowAll }),
    'InvalidParameter.PolicyDocument.Length': asks({ ...own, PolicyDocument: ' '.repeat(6145) }),
    'LimitExceeded.Policy.Version': async (world) => {
      await withVersions(world, 'five-versions', 5)
      return [world.owner, { PolicyName: 'five-versions', PolicyDocument: allowAll }]
    },
    MalformedPolicyDocument: asks({ ...own, PolicyDocument: malformed }),
  },
  GetPolicyVersion: {
    ...names('PolicyName', versioned),
    ...noPolicy(versioned),
    'EntityNotExist.Policy.Version': asks({ ...own, VersionId: 'v9' }),
    'InvalidParameter.VersionId.Format': asks({ ...own, VersionId: '1' }),
  },
  ListPolicyVersions: { ...names('PolicyName', own), ...noPolicy() },
  SetDefaultPolicyVersion: {
    ...names('PolicyName', versioned),
    ...noPolicy(versioned),
    'EntityNotExist.Policy.Version': asks({ ...own, VersionId: 'v9' }),
    'InvalidParameter.VersionId.Format': asks({ ...own, VersionId: '1' }),
  },
  DeletePolicyVersion: {
    ...names('PolicyName', versioned),
    ...noPolicy(versioned),
    'DeleteConflict.Policy.Version.Default': asks(versioned),
    'EntityNotExist.Policy.Version': asks({ ...own, VersionId: 'v9' }),
    'InvalidParameter.VersionId.Format': asks({ ...own, VersionId: '1' }),
  },
  ...attachments('User', 'alice', 'idle'),
  ...attachments('Group', 'staff', 'board'),
  ...attachments('Role', 'Guest', 'Idle'),
  ListEntitiesForPolicy: { ...names('PolicyName', own), ...noPolicy() },
}
