/** Whether a connection's bandwidth is limited, and to what. */
import { bandwidth, mostBandwidth } from '../../../model/quotas.ts'
import type { EndpointServiceTable, EndpointTable, TrafficControlMode } from '../../../store/tables.ts'
import { choice, integer } from '../../params.ts'
import { demand } from '../../require.ts'

export const limitParams = {
  Bandwidth: integer(bandwidth.minimum, mostBandwidth.nlb).optional(),
  TrafficControlMode: choice(['BandwidthLimit', 'Scalability']).optional(),
}

export const limitErrors = ['IllegalParamFormat.Bandwidth', 'IllegalParamFormat.TrafficControlMode']

/** A connection to a CLB is always limited, one to an NLB when its owner wants it. */
export function usualMode({ resource_type: type }: EndpointServiceTable): TrafficControlMode {
  return type === 'nlb' ? 'Scalability' : 'BandwidthLimit'
}

interface Given {
  readonly Bandwidth?: number | undefined
  readonly TrafficControlMode?: TrafficControlMode | undefined
}

export function limitsOf(
  { resource_type: type }: EndpointServiceTable,
  present: EndpointTable,
  given: Given,
): Pick<EndpointTable, 'bandwidth' | 'traffic_control_mode'> {
  const mode = given.TrafficControlMode ?? present.traffic_control_mode
  demand(type === 'nlb' || mode === 'BandwidthLimit', 'IllegalParamFormat.TrafficControlMode', {
    name: 'TrafficControlMode',
    reason: 'a connection to a CLB is always limited',
  })
  const mbps = given.Bandwidth ?? present.bandwidth
  demand(mbps <= mostBandwidth[type], 'IllegalParamFormat.Bandwidth', {
    name: 'Bandwidth',
    reason: `at most ${mostBandwidth[type]} for a service of type ${type}`,
  })
  return { bandwidth: mbps, traffic_control_mode: mode }
}
