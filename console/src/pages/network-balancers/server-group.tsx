import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import type { NlbServerGroup } from '../../api/lists.ts'
import { usePicked } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { State } from '../../ui/state.tsx'
import { CheckFields, checkOf, checkParams, type CheckValues } from './check-fields.tsx'
import { SchedulerField } from './create-server-group.tsx'
import { DeleteServerGroup } from './delete-server-group.tsx'
import { NlbNameField } from './name-field.tsx'
import { schedulerName } from './scheduler-name.ts'
import { Servers } from './servers.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = usePicked(
    callOf('Nlb', 'ListServerGroups', { ServerGroupIds: [id] }),
    ({ ServerGroups }) => ServerGroups[0],
  )
  const group = query.data
  const actions = group && (
    <>
      <EditGroup group={group} />
      <MoveResource service="nlb" type="servergroup" id={id} />
      <DeleteServerGroup group={group} type="default" onDone={() => void navigate(paths.nlbServerGroups)} />
    </>
  )
  return (
    <Page
      title={group?.ServerGroupName ?? id}
      above={[{ title: t.nav.nlbServerGroups, to: paths.nlbServerGroups }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.ServerGroupId} />],
                [t.common.status, <State key="state" value={one.ServerGroupStatus} />],
                [
                  t.nlb.groupType,
                  one.ServerGroupType === 'Ip' ? t.nlb.groupTypes.Ip : t.nlb.groupTypes.Instance,
                ],
                [t.balancer.protocol, one.Protocol],
                [t.balancer.scheduler, schedulerName(one.Scheduler, t)],
                [
                  t.balancer.healthCheck,
                  one.HealthCheck.HealthCheckEnabled
                    ? t.balancer.checkEvery(
                        one.HealthCheck.HealthCheckType,
                        one.HealthCheck.HealthCheckInterval,
                      )
                    : t.states.off,
                ],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(one.VpcId)} id={one.VpcId} />],
                [
                  t.nlb.usedBy,
                  one.RelatedLoadBalancerIds.length === 0 ? (
                    '-'
                  ) : (
                    <div key="used">
                      {one.RelatedLoadBalancerIds.map((balancer) => (
                        <ResourceLink key={balancer} to={paths.networkBalancer(balancer)} id={balancer} />
                      ))}
                    </div>
                  ),
                ],
              ]}
            />
            <Servers group={one} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface EditValues {
  readonly ServerGroupName: string
  readonly Scheduler: string
  readonly check: CheckValues
}

function EditGroup({ group }: { readonly group: NlbServerGroup }) {
  const t = useText()
  const { ServerGroupId, ServerGroupName, Scheduler, Protocol } = group
  return (
    <FormButton<EditValues, unknown>
      label={t.common.edit}
      initial={{ ServerGroupName, Scheduler: Scheduler.toLowerCase(), check: checkOf(group) }}
      call={({ check, ...values }) =>
        callOf('Nlb', 'UpdateServerGroupAttribute', {
          ServerGroupId,
          ...values,
          HealthCheckConfig: checkParams(check),
        })
      }
    >
      <NlbNameField name="ServerGroupName" required />
      <SchedulerField protocol={Protocol} />
      <CheckFields protocol={Protocol} />
    </FormButton>
  )
}
