import type { BalancerLimits } from './world.ts'

/** What a CLB of each specification carries at most (CLB user guide, guaranteed-performance instances). */
export const loadBalancerSpecs: Readonly<Record<string, BalancerLimits>> = {
  'slb.s1.small': { connections: 5_000, newConnectionsPerS: 3_000 },
  'slb.s2.small': { connections: 50_000, newConnectionsPerS: 5_000 },
  'slb.s2.medium': { connections: 100_000, newConnectionsPerS: 10_000 },
  'slb.s3.small': { connections: 200_000, newConnectionsPerS: 20_000 },
  'slb.s3.medium': { connections: 500_000, newConnectionsPerS: 50_000 },
  'slb.s3.large': { connections: 1_000_000, newConnectionsPerS: 100_000 },
  'slb.s3.xlarge': { connections: 2_000_000, newConnectionsPerS: 200_000 },
  'slb.s3.xxlarge': { connections: 5_000_000, newConnectionsPerS: 500_000 },
}

/** Without a specification: a load balancer that pays by usage, and an NLB. */
export const unlimited: BalancerLimits = { connections: undefined, newConnectionsPerS: undefined }
