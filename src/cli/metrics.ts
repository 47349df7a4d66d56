/** `metrics`: what each zone of each connection has carried. */
import { askServer } from './ask-server.ts'
import { type Screen, table } from './screen.ts'
import type { StatePaths } from './state.ts'

interface Wire {
  readonly EndpointId: string
  readonly ZoneId: string
  readonly InBytes: number
  readonly InPackets: number
  readonly InDroppedPackets: number
  readonly OutBytes: number
  readonly OutPackets: number
  readonly OutDroppedPackets: number
  readonly DeniedPackets: number
  readonly UnservedPackets: number
}

export async function metrics(paths: StatePaths, screen: Screen): Promise<void> {
  const { Wires } = (await askServer(paths, 'GET', '/wires', screen)) as { Wires: readonly Wire[] }
  const rows = Wires.map((wire) => [
    wire.EndpointId,
    wire.ZoneId,
    ...[wire.InBytes, wire.InPackets, wire.InDroppedPackets].map(String),
    ...[wire.OutBytes, wire.OutPackets, wire.OutDroppedPackets].map(String),
    ...[wire.DeniedPackets, wire.UnservedPackets].map(String),
  ])
  for (const line of table([screen.messages.metricsColumns, ...rows])) screen.say(line)
  screen.result({ Wires })
}
