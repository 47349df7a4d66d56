import type { InstancePlan } from '../plan/host-plan.ts'

/** Who the tenant's code is, inside: also for `exec`. */
export const insideUser = { name: 'ecs-user', uid: 1000, gid: 1000, home: '/home/ecs-user' } as const

/** Ends the line of an instance's key pair in `authorized_keys`. */
export const keyName = 'key-pair'

/** Addresses of the resolver in every VPC. */
const resolvers = ['100.100.2.136', '100.100.2.138']

/** The sandbox's own /etc, by file name: nothing of the host's users, names or settings. */
export function etcFiles(instance: InstancePlan): ReadonlyMap<string, string> {
  const { name, uid, gid, home } = insideUser
  const lines = (...text: string[]) => text.map((line) => `${line}\n`).join('')
  return new Map([
    ['passwd', lines('root:x:0:0:root:/root:/usr/sbin/nologin', `${name}:x:${uid}:${gid}::${home}:/bin/sh`)],
    ['group', lines('root:x:0:', `${name}:x:${gid}:`)],
    ['hostname', lines(instance.hostName)],
    ['hosts', lines('127.0.0.1 localhost', `127.0.1.1 ${instance.hostName}`)],
    [
      'resolv.conf',
      lines(...resolvers.map((address) => `nameserver ${address}`), 'options timeout:2 attempts:2'),
    ],
    ['nsswitch.conf', lines('passwd: files', 'group: files', 'hosts: files dns')],
  ])
}

/** What programs need of the host's /etc: certificates, links to programs, the linker's index, port names. */
export const hostEtc = [
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/services',
  '/etc/protocols',
] as const
