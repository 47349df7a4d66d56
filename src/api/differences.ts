/**
 * What differs from the public cloud beyond single actions. The rest of the page is made of the actions' own notes.
 * An action is named as `Product.Action`, so that a test can see that there is one.
 */
export interface Differences {
  readonly about: string
  readonly items: readonly string[]
}

export const generalDifferences: readonly Differences[] = [
  {
    about: 'The place',
    items: [
      'There is one host. Regions and zones order names and resources; they are no separate sites. `postern zone down` takes one away, as if it had failed.',
      'Connections across regions are refused, also when the deployment offers several.',
      'IPv4 only. Where the API has fields for IPv6 they are empty.',
      'Nothing is public: there are no public or elastic addresses, no NAT gateways, no routes to other networks.',
      'All products answer on one address. `Location.DescribeEndpoints` gives it for each of them.',
    ],
  },
  {
    about: 'Data plane',
    items: [
      'An instance is a sandbox on the kernel of the host, not a virtual machine. Disks, images and specifications are names; memory and processes are limited, processor time is not sold by type.',
      'The backend of a service sees an address of 100.64.0.0/10 in place of the consumer’s.',
      'Load balancers forward TCP and UDP, a CLB HTTP and HTTPS as well. There are no TLS listeners of an NLB. Limits of a specification are the kernel’s, which drops what is beyond.',
      'A connection’s bandwidth is enforced in both directions by the kernel’s queues.',
      'Through PrivateLink every client of an endpoint has one address, so schedulers by source and persistence send them to one backend.',
      'Names of endpoints resolve inside the consumer’s VPC only; in the cloud they are public names.',
    ],
  },
  {
    about: 'API',
    items: [
      'Parameters that no action here declares are ignored, as the cloud ignores unknown ones. What an action declares and cannot do is refused with a code.',
      'An action that no page here lists is refused with `InvalidAction.NotFound`. Of those that the Terraform provider calls for changes of a VPC these are `EnableVpcClassicLink` and `DisableVpcClassicLink`.',
      'A call without `RegionId` is one in the default region, also where the documents require the parameter.',
      'Asynchronous work usually ends within a second. A status such as `Connected` is what the kernel was seen to carry, never a guess.',
      'Statuses that the API has no word for are shown as the nearest one: a VPC that is being deleted is `Pending`, an instance `Stopping`, a load balancer `inactive`.',
      'Writes that no status follows, such as `Ecs.AuthorizeSecurityGroup`, are answered when the kernel has them; without an agent, after three seconds.',
      '`DryRun` runs the whole action and takes it back, so it finds every error that the call itself would give.',
      'A repeat with the same `ClientToken` and the same parameters gives the same answer for 24 hours, for every write of every product.',
    ],
  },
  {
    about: 'Money and quotas',
    items: [
      'Nothing is billed. Charge types are kept and shown; `BssOpenApi.QueryAvailableInstances` is always empty.',
      'Nothing is ever out of stock, and no account is in debt: the statuses and codes of such cases never come.',
      'Quotas are the documented defaults and cannot be raised.',
    ],
  },
]
