/** `flows`: each flow through an endpoint that has ended, as its consumer and its provider are told it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createFlowReader, type FlowFilter } from '../flowlog/read.ts'
import type { Told } from '../flowlog/records.ts'
import { readSince } from './audit.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import { requireConfig, type StatePaths } from './state.ts'

export interface FlowsWanted extends FlowFilter {
  readonly since: string
  readonly follow: boolean
}

/** As many as `events` and `audit` show. */
const mostShown = 1000
const pollMs = 500

export async function flows(
  paths: StatePaths,
  wanted: FlowsWanted,
  now: Date,
  screen: Screen,
): Promise<void> {
  requireConfig(paths, screen.messages)
  const since = readSince(wanted.since, now)
  if (since === undefined) throw new Failure(2, screen.messages.badSince(wanted.since))
  const directory = join(paths.agent, 'flow-log')
  if (!existsSync(directory)) screen.note(screen.messages.noFlows)
  const reader = createFlowReader(directory, wanted, since)
  const shown = (await reader.next()).slice(-mostShown)
  if (wanted.follow) {
    for (let more: readonly Told[] = shown; ; more = await reader.next()) {
      for (const one of more) {
        if (screen.json) screen.result(one.record)
        else screen.say(row(one).join('  '))
      }
      await delay(pollMs)
    }
  }
  for (const line of table([screen.messages.flowColumns, ...shown.map(row)])) screen.say(line)
  screen.result({ Flows: shown.map(({ record }) => record) })
}

function row({ account, record }: Told): string[] {
  const { Attempts, BackendAddress, BackendPort, BackendServerId, Lost, Reason, Result } = record
  const source = record.SourceInstanceId ?? record.SourceAddress ?? record.VpcId ?? '-'
  const count = Attempts ?? Lost
  return [
    record.StartTime,
    record.EndTime,
    account,
    record.Side,
    record.SourcePort === undefined ? source : `${source}:${record.SourcePort}`,
    record.EndpointId ?? '-',
    record.Protocol === undefined ? '-' : `${record.Protocol}/${record.Port ?? '-'}`,
    BackendAddress === undefined ? '-' : `${BackendServerId ?? BackendAddress}:${BackendPort ?? '-'}`,
    String(record.InBytes ?? '-'),
    String(record.OutBytes ?? '-'),
    [Result, Reason && `(${Reason})`, count !== undefined && `×${count}`].filter(Boolean).join(' '),
  ]
}
