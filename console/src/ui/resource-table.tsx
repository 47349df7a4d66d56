/** A list with its loading, empty and error state; search text and page are in the URL. */
import type { UseQueryResult } from '@tanstack/react-query'
import { Card, Empty, Flex, Grid, Input, Table, type TableColumnsType } from 'antd'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import { useText } from '../i18n/language.tsx'
import { ErrorNote } from './error-note.tsx'
import { ScrollFocus } from './scroll-focus.tsx'

interface Props<Row> {
  readonly query: UseQueryResult<readonly Row[]>
  readonly columns: TableColumnsType<Row>
  readonly rowKey: (row: Row) => string
  /** What the table lists, for screen readers. */
  readonly label: string
  /** Said when there is nothing, with what to do about it. */
  readonly empty: ReactNode
  /** The row's texts that the search looks at; no search field without. */
  readonly searchIn?: (row: Row) => readonly (string | undefined)[]
  /** Tells two tables of one page apart in the URL. */
  readonly name?: string
  /** Rows can be chosen, for what is done to several at once. */
  readonly selection?: Selection<Row>
}

interface Selection<Row> {
  readonly chosen: readonly Row[]
  readonly onChoose: (rows: readonly Row[]) => void
  /** What the box of a row is called. */
  readonly nameOf: (row: Row) => string
}

const pageSize = 20

export function ResourceTable<Row extends object>(props: Props<Row>) {
  const { query, columns, rowKey, label, empty, searchIn, name = '', selection } = props
  const t = useText()
  const wide = Grid.useBreakpoint().md ?? true
  const [params, setParams] = useSearchParams()
  const wanted = params.get(`${name}q`) ?? ''
  const page = Number(params.get(`${name}page`) ?? 1)
  const set = (key: string, value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name + key)
        else after.set(name + key, value)
        if (key === 'q') after.delete(`${name}page`)
        return after
      },
      { replace: true },
    )
  const rows = (query.data ?? []).filter((row) => matches(searchIn?.(row), wanted))
  const emptyText = query.isPending ? t.common.loading : wanted === '' ? empty : t.common.noMatch
  if (query.isError && !query.data)
    return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card size="small" styles={{ body: { padding: 0 } }}>
      {searchIn && (
        <Flex style={{ padding: 12 }}>
          <Input.Search
            allowClear
            aria-label={t.common.searchIn(label)}
            placeholder={t.common.searchPlaceholder}
            defaultValue={wanted}
            onChange={({ target }) => set('q', target.value)}
            style={{ maxWidth: 360 }}
          />
        </Flex>
      )}
      <ScrollFocus>
        <Table<Row>
          aria-label={label}
          size="middle"
          columns={wide ? withFixedActions(columns, t.common.actions) : columns}
          dataSource={rows}
          rowKey={rowKey}
          loading={query.isPending}
          scroll={{ x: 'max-content' }}
          {...(selection ? { rowSelection: asRowSelection(selection, rowKey) } : {})}
          locale={{
            emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={emptyText} />,
          }}
          pagination={{
            current: page,
            pageSize,
            showSizeChanger: false,
            hideOnSinglePage: true,
            showTotal: (total) => t.common.total(total),
            onChange: (next) => set('page', next === 1 ? '' : String(next)),
          }}
        />
      </ScrollFocus>
    </Card>
  )
}

function asRowSelection<Row>({ chosen, onChoose, nameOf }: Selection<Row>, rowKey: (row: Row) => string) {
  return {
    // Its box would be in the hidden row too by which antd measures, and within reach of the keyboard there.
    hideSelectAll: true,
    selectedRowKeys: chosen.map(rowKey),
    onChange: (_: unknown, rows: Row[]) => onChoose(rows),
    getCheckboxProps: (row: Row) => ({ 'aria-label': nameOf(row) }),
  }
}

/** What can be done with a row stays in sight when the row is wider than the page; on a small screen it would hide the row. */
function withFixedActions<Row>(columns: TableColumnsType<Row>, actions: string): TableColumnsType<Row> {
  return columns.map((column) => (column.title === actions ? { ...column, fixed: 'end' as const } : column))
}

function matches(texts: readonly (string | undefined)[] | undefined, wanted: string): boolean {
  if (!texts || wanted === '') return true
  return texts.some((text) => text?.toLowerCase().includes(wanted.toLowerCase()))
}
