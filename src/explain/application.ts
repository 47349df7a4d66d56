/** The last step, which the network does not know: whether a program listens where the packet arrives. */
import { judgementOf, passing, stopping, type Judgement } from './judgement.ts'

/** `tcp/80` of an instance: listened on? Undefined when nobody could look. */
export type Listening = (instance: string, protocol: string, port: number) => boolean | undefined

export function withApplication(judgement: Judgement, protocol: string, listening: Listening): Judgement {
  const { steps, destinations } = judgement
  if (!judgement.passes) return judgement
  const seen = destinations.map(({ instance, port }) => ({
    place: `${instance ?? ''} ${port}`,
    open: instance === undefined ? undefined : listening(instance, protocol, port),
  }))
  const known = seen.filter(({ open }) => open !== undefined)
  if (known.length === 0) return judgement
  const closed = known.filter(({ open }) => !open).map(({ place }) => place)
  const places = known.map(({ place }) => place)
  if (closed.length === seen.length) {
    return judgementOf([...steps, stopping({ code: 'nobodyListens', protocol, places: closed })])
  }
  const step =
    closed.length > 0
      ? passing({ code: 'someListen', protocol, places: closed })
      : passing({ code: 'listens', protocol, places })
  return judgementOf([...steps, step], destinations)
}

/** Ports of `/proc/net/tcp` or `udp` (proc_net(5)) that wait for clients from anywhere. */
export function listeningPorts(table: string, protocol: 'tcp' | 'udp'): readonly number[] {
  const waiting = protocol === 'tcp' ? '0A' : '07'
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    const loopbackOnly = /^(?:[0-9A-F]{6}7F|0{24}01000000)$/.test(address)
    return state === waiting && !loopbackOnly ? [Number.parseInt(port, 16)] : []
  })
}
