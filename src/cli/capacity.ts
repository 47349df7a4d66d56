/** `capacity`: how many more connections the source address of each zone of each connection has ports for. */
import { askServer } from './ask-server.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Wire {
  readonly EndpointId: string
  readonly ZoneId: string
  readonly PortsUsed: number
  readonly PortsAvailable: number
  readonly SourceAddresses: number
  readonly OverConnections: number
}

export async function capacity(paths: StatePaths, screen: Screen): Promise<void> {
  const { Wires } = (await askServer(paths, 'GET', '/wires', screen)) as { Wires: readonly Wire[] }
  const wires = Wires.map(
    ({ EndpointId, ZoneId, PortsUsed, PortsAvailable, SourceAddresses, OverConnections }) => ({
      EndpointId,
      ZoneId,
      PortsUsed,
      PortsAvailable,
      SourceAddresses,
      OverConnections,
    }),
  )
  const rows = wires.map((wire) => Object.values(wire).map(String))
  for (const line of table([screen.messages.capacityColumns, ...rows])) screen.say(line)
  screen.result({ Wires: wires })
}
