import { Descriptions, Select, Table } from 'antd'
import { useSearchParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Page } from '../../ui/page.tsx'
import { ScrollFocus } from '../../ui/scroll-focus.tsx'

type Event = ResultOf<'Actiontrail', 'LookupEvents'>['Events'][number]

const kinds = ['all', 'Write', 'Read'] as const

/** Who did what, newest first; the kind and the place in the list are in the URL. */
export function Component() {
  const t = useText()
  const formats = useFormats()
  const [params, setParams] = useSearchParams()
  const kind = kinds.find((one) => one === params.get('kind')) ?? 'Write'
  const token = params.get('next') ?? undefined
  const query = useCall(
    callOf('Actiontrail', 'LookupEvents', {
      MaxResults: 50,
      NextToken: token,
      LookupAttribute: kind === 'all' ? undefined : [{ Key: 'EventRW', Value: kind }],
    }),
  )
  const next = query.data?.NextToken
  return (
    <Page
      title={t.nav.events}
      about={t.events.about}
      actions={
        <Select
          aria-label={t.events.kind}
          value={kind}
          style={{ width: 160 }}
          onChange={(chosen) => setParams({ kind: chosen })}
          options={kinds.map((value) => ({ value, label: t.events.kinds[value] }))}
        />
      }
    >
      {query.isError && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      <ScrollFocus>
        <Table<Event>
          aria-label={t.nav.events}
          size="middle"
          loading={query.isPending}
          dataSource={query.data?.Events ?? []}
          rowKey={({ eventId }) => eventId}
          scroll={{ x: 'max-content' }}
          pagination={false}
          locale={{ emptyText: t.events.empty }}
          expandable={{ expandedRowRender: (event) => <EventDetail event={event} /> }}
          columns={[
            { title: t.events.time, render: (_, { eventTime }) => formats.time(eventTime) },
            {
              title: t.events.action,
              className: 'mono',
              render: (_, one) => `${one.serviceName}.${one.eventName}`,
            },
            { title: t.events.user, render: (_, { userIdentity }) => userIdentity.userName },
            {
              title: t.events.result,
              render: (_, { errorCode }) =>
                errorCode ? (
                  <span className="state-bad">▲ {errorCode}</span>
                ) : (
                  <span className="state-good">● {t.events.ok}</span>
                ),
            },
            {
              title: t.events.resource,
              render: (_, { resourceName }) => (
                <span className="mono long">{resourceName.replaceAll(';', ' ')}</span>
              ),
            },
            { title: t.events.from, dataIndex: 'sourceIpAddress', className: 'mono' },
          ]}
          footer={() => (
            <>
              {token && (
                <button
                  type="button"
                  className="link"
                  style={{ marginInlineEnd: 16 }}
                  onClick={() => setParams({ kind })}
                >
                  {t.events.newest}
                </button>
              )}
              {next && (
                <button type="button" className="link" onClick={() => setParams({ kind, next })}>
                  {t.events.older}
                </button>
              )}
            </>
          )}
        />
      </ScrollFocus>
    </Page>
  )
}

function EventDetail({ event }: { readonly event: Event }) {
  const t = useText()
  const facts = [
    ['RequestId', event.requestId],
    [t.events.client, event.userAgent],
    [t.events.region, event.acsRegion],
    ['AccessKey ID', event.userIdentity.accessKeyId],
    [t.events.error, event.errorMessage ?? '-'],
  ] as const
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={facts.map(([label, children]) => ({ key: label, label, children }))}
      />
      <pre className="code mono" tabIndex={0}>
        {JSON.stringify(event.requestParameters, undefined, 2)}
      </pre>
    </>
  )
}
