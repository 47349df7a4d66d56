import { Select } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { AddTag, failuresOf } from './add-tag.tsx'
import { kindNames, readArn, taggedKinds, type Named } from './tagged-kinds.ts'

interface Row extends Named {
  readonly arn: string
  readonly key: string
  readonly value: string
}

/** All tags of the region; the kind of resources that is shown is in the URL. */
export function Component() {
  const t = useText()
  const [params, setParams] = useSearchParams()
  const kind = kindNames.find((one) => one === params.get('kind'))
  const query = useList(callOf('Tag', 'ListTagResources', { PageSize: 50 }), ({ TagResources }) =>
    TagResources.flatMap(({ ResourceARN: arn, Tags }) =>
      Tags.map(({ Key, Value }): Row => ({ arn, key: Key, value: Value, ...readArn(arn) })),
    ).filter((row) => kind === undefined || row.kind === kind),
  )
  const filter = (
    <Select
      aria-label={t.tags.kind}
      value={kind ?? ''}
      style={{ width: 220 }}
      onChange={(chosen: string) => setParams(chosen === '' ? {} : { kind: chosen })}
      options={[
        { value: '', label: t.tags.allKinds },
        ...kindNames.map((value) => ({ value, label: t.tags.kinds[value] })),
      ]}
    />
  )
  return (
    <Page
      title={t.nav.tags}
      about={t.tags.about}
      actions={
        <>
          {filter}
          <AddTag />
        </>
      }
    >
      <ResourceTable<Row>
        query={query}
        label={t.nav.tags}
        empty={kind === undefined ? t.tags.empty : t.common.noMatch}
        rowKey={({ arn, key }) => `${arn} ${key}`}
        searchIn={({ arn, key, value }) => [arn, key, value]}
        columns={[
          { title: t.tags.key, dataIndex: 'key' },
          { title: t.tags.value, render: (_, { value }) => value || '-' },
          { title: t.tags.kind, render: (_, row) => row.kind && t.tags.kinds[row.kind] },
          { title: t.tags.resource, className: 'mono', render: (_, row) => <Resource row={row} /> },
          { title: t.common.actions, render: (_, row) => <RemoveTag row={row} /> },
        ]}
      />
    </Page>
  )
}

function Resource({ row: { kind, id } }: { readonly row: Row }) {
  const paths = usePaths()
  const to = kind && taggedKinds[kind](paths, id)
  return to === undefined ? id : <Link to={to}>{id}</Link>
}

function RemoveTag({ row: { arn, id, key } }: { readonly row: Row }) {
  const t = useText()
  return (
    <ConfirmButton<ResultOf<'Tag', 'UntagResources'>>
      label={t.common.remove}
      danger
      call={callOf('Tag', 'UntagResources', { ResourceARN: [arn], TagKey: [key] })}
      failed={(answer) => failuresOf(answer, t)}
    >
      {t.tags.removeHint(key, id)}
    </ConfirmButton>
  )
}
