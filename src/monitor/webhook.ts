/**
 * Tells an alarm to the address that a tenant gave. The address is the tenant's word and the server stands in the operator's
 * network, so what is asked must not reach the host itself: loopback and link-local addresses, where services of a host trust who
 * comes, are refused, by the address that is really connected to, unless the operator allows them. Redirections are not followed.
 */
import { lookup, type LookupAddress } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export type Post = (url: string, body: string) => Promise<void>

const answerWithinMs = 5000

/** `allowed`: blocks that the operator opens (`127.0.0.0/8`). */
export function createPost(allowed: readonly string[]): Post {
  const closed = blocksOf([
    '0.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '224.0.0.0/3',
    '::/128',
    '::1/128',
    'fe80::/10',
    'ff00::/8',
  ])
  const open = blocksOf(allowed)

  function refuse(address: string, family: number): void {
    const kind = family === 6 ? 'ipv6' : 'ipv4'
    if (closed.check(address, kind) && !open.check(address, kind))
      throw new Error(`${address} is not an address to tell alarms to`)
  }

  /** Every address of a name has to be a good one, and the connection takes one of those that were looked at. */
  const lookUp: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = error ? [] : found
      const bad = error ?? refused(addresses)
      const [first] = addresses
      if (bad || !first) done(bad ?? new Error(`${host} has no address`), '', 0)
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

  function refused(addresses: readonly LookupAddress[]): Error | undefined {
    try {
      for (const { address, family } of addresses) refuse(address, family)
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  return async (url, body) => {
    const target = new URL(url)
    const host = target.hostname.replace(/^\[|\]$/g, '')
    const family = isIP(host)
    if (family !== 0) refuse(host, family)
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const request = send(
      target,
      {
        method: 'POST',
        lookup: lookUp,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        signal: AbortSignal.timeout(answerWithinMs),
      },
      (response) => {
        const { statusCode = 0 } = response
        // What is said is nobody's here, and may be long.
        response.destroy()
        if (statusCode >= 200 && statusCode < 300) resolve()
        else reject(new Error(`${target.host} answered ${statusCode}`))
      },
    )
    request.on('error', reject)
    request.end(body)
    await promise
  }
}

function blocksOf(blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [network = '', length = ''] = block.split('/')
    list.addSubnet(network, Number(length), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
