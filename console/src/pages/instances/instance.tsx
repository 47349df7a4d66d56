import { Alert } from 'antd'
import { lazy, Suspense } from 'react'
import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useNetworkInterfaces, useOne, useZoneName, type NetworkInterface } from '../../api/lists.ts'
import { useCall } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { InstanceActions } from './instance-actions.tsx'
import { instanceBar } from './instance-can.ts'

const Shell = lazy(async () => ({ default: (await import('./shell.tsx')).Shell }))

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Ecs', 'DescribeInstanceAttribute', { InstanceId: id })
  const actions = query.data && (
    <>
      <MoveResource service="ecs" type="instance" id={id} />
      <InstanceActions
        instance={query.data}
        type="default"
        onDeleted={() => void navigate(paths.instances)}
      />
    </>
  )
  return (
    <Page
      title={query.data?.InstanceName || id}
      above={[{ title: t.nav.instances, to: paths.instances }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => {
          const bar = instanceBar('shell', one.Status, t)
          return (
            <>
              <Facts
                facts={[
                  [t.common.id, <Copyable key="id" text={one.InstanceId} />],
                  [t.common.status, <State key="state" value={one.Status} />],
                  [t.common.zone, zoneName(one.ZoneId)],
                  [
                    t.instance.address,
                    <Copyable key="ip" text={one.VpcAttributes.PrivateIpAddress.IpAddress[0]} />,
                  ],
                  [
                    t.vpc.vpc,
                    <ResourceLink
                      key="vpc"
                      to={paths.vpc(one.VpcAttributes.VpcId)}
                      id={one.VpcAttributes.VpcId}
                    />,
                  ],
                  [
                    t.vpc.vswitch,
                    <span key="vsw" className="mono">
                      {one.VpcAttributes.VSwitchId}
                    </span>,
                  ],
                  [t.instance.type, `${one.InstanceType} · ${t.instance.size(one.Cpu, one.Memory)}`],
                  [t.instance.image, one.ImageId],
                  [
                    t.security.group,
                    <div key="groups">
                      {one.SecurityGroupIds.SecurityGroupId.map((group) => (
                        <ResourceLink key={group} to={paths.securityGroup(group)} id={group} />
                      ))}
                    </div>,
                  ],
                  [t.common.description, one.Description],
                  [t.common.created, formats.time(one.CreationTime)],
                ]}
              />
              <UrlTabs
                tabs={[
                  {
                    key: 'shell',
                    label: t.instance.shell,
                    children: bar ? (
                      <Alert type="info" showIcon title={bar} />
                    ) : (
                      <Suspense fallback={t.common.loading}>
                        <Shell instance={id} />
                      </Suspense>
                    ),
                  },
                  { key: 'log', label: t.instance.log, children: <ConsoleLog instance={id} /> },
                  { key: 'enis', label: t.instance.enis, children: <Interfaces instance={id} /> },
                  { key: 'user-data', label: t.instance.userData, children: <UserData instance={id} /> },
                ]}
              />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Interfaces({ instance }: { readonly instance: string }) {
  const t = useText()
  return (
    <ResourceTable<NetworkInterface>
      query={useNetworkInterfaces({ InstanceId: instance })}
      label={t.instance.enis}
      empty={t.instance.noEnis}
      rowKey={({ NetworkInterfaceId }) => NetworkInterfaceId}
      columns={[
        { title: t.common.eni, dataIndex: 'NetworkInterfaceId', className: 'mono' },
        { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
        { title: t.common.address, dataIndex: 'PrivateIpAddress', className: 'mono' },
        { title: t.instance.mac, dataIndex: 'MacAddress', className: 'mono' },
        { title: t.vpc.vswitch, dataIndex: 'VSwitchId', className: 'mono' },
        { title: t.security.group, render: (_, one) => one.SecurityGroupIds.SecurityGroupId.join(', ') },
      ]}
    />
  )
}

function UserData({ instance }: { readonly instance: string }) {
  const t = useText()
  const query = useOne('Ecs', 'DescribeUserData', { InstanceId: instance })
  return (
    <Loaded query={query}>
      {({ UserData: text }) =>
        text === '' ? (
          <span className="hint">{t.instance.noUserData}</span>
        ) : (
          <pre className="code mono" tabIndex={0}>
            {fromBase64(text)}
          </pre>
        )
      }
    </Loaded>
  )
}

/** Asked anew every few seconds: no event tells of what an instance prints. */
const logPaceMs = 5000

function ConsoleLog({ instance }: { readonly instance: string }) {
  const t = useText()
  const formats = useFormats()
  const call = callOf('Ecs', 'GetInstanceConsoleOutput', { InstanceId: instance, RemoveSymbols: true })
  const query = useCall(call, { everyMs: logPaceMs })
  return (
    <Loaded query={query}>
      {({ ConsoleOutput, LastUpdateTime }) =>
        ConsoleOutput === '' ? (
          <span className="hint">{t.instance.noLog}</span>
        ) : (
          <>
            <p className="hint">{t.instance.logHint(formats.time(LastUpdateTime))}</p>
            <pre className="code mono" tabIndex={0}>
              {fromBase64(ConsoleOutput)}
            </pre>
          </>
        )
      }
    </Loaded>
  )
}

function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0))
}
