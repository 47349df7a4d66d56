import type { Instance } from '../../api/lists.ts'

/** The first of an instance's addresses. In a file of its own: the first page shows it, and no table. */
export function addressOf({ VpcAttributes }: Pick<Instance, 'VpcAttributes'>): string | undefined {
  return VpcAttributes.PrivateIpAddress.IpAddress[0]
}
