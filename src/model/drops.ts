/** What limits have dropped lately, where it was counted. */
export interface Drops {
  /** A wire (`<endpoint>/<zone>`), a balancer, or a listener (`<balancer> <protocol> <port>`). */
  readonly id: string
  readonly limit: 'bandwidth' | 'consumer' | 'connections' | 'newConnections'
  /** Packets of a bandwidth, connections of the others. */
  readonly count: number
}
