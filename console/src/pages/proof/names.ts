/** What people call the instances and the addresses of a proof. VPCs may overlap: whose an address is, the caller's VPC decides. */
import { useEndpoints, useInstances, useLoadBalancers, useNetworkInterfaces } from '../../api/lists.ts'

export interface Names {
  readonly instance: (id: string) => string | undefined
  /** Who has the address in the VPC of the instance, or those who have it elsewhere. */
  readonly address: (client: string, address: string) => Holder
}

export interface Holder {
  readonly names: readonly string[]
  readonly elsewhere: boolean
}

interface Held {
  readonly vpc: string
  readonly address: string
  readonly name: string
}

export function useNames(): Names {
  const instances = useInstances().data ?? []
  const endpoints = useEndpoints().data ?? []
  const balancers = useLoadBalancers().data ?? []
  const interfaces = useNetworkInterfaces({}).data ?? []
  const named = new Map<string, string>([
    ...instances.map(({ InstanceId, InstanceName }) => [InstanceId, InstanceName || InstanceId] as const),
    ...endpoints.map(({ EndpointId, EndpointName }) => [EndpointId, EndpointName || EndpointId] as const),
  ])
  const held: readonly Held[] = [
    ...balancers.map((one) => ({
      vpc: one.VpcId,
      address: one.Address,
      name: one.LoadBalancerName || one.LoadBalancerId,
    })),
    ...interfaces.map(({ VpcId, PrivateIpAddress, InstanceId, Description, NetworkInterfaceId }) => {
      // The interface of an endpoint names it in its description.
      const owner = InstanceId || /\bep-[a-z0-9]+/.exec(Description ?? '')?.[0]
      return {
        vpc: VpcId,
        address: PrivateIpAddress,
        name: owner === undefined ? NetworkInterfaceId : (named.get(owner) ?? owner),
      }
    }),
  ]
  return {
    instance: (id) => named.get(id),
    address(client, address) {
      const vpc = instances.find(({ InstanceId }) => InstanceId === client)?.VpcAttributes.VpcId
      const all = held.filter((one) => one.address === address)
      const near = all.filter((one) => one.vpc === vpc)
      const found = near.length > 0 ? near : all
      return { names: [...new Set(found.map(({ name }) => name))], elsewhere: near.length === 0 }
    },
  }
}
