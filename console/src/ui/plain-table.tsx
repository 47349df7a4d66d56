import { Card, Table, type TableColumnsType } from 'antd'
import { ScrollFocus } from './scroll-focus.tsx'

interface Props<Row> {
  readonly title: string
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly columns: TableColumnsType<Row>
}

/** A short list that is already there. */
export function PlainTable<Row extends object>({ title, rows, rowKey, columns }: Props<Row>) {
  return (
    <Card size="small" title={title} style={{ marginBottom: 16 }} styles={{ body: { padding: 0 } }}>
      <ScrollFocus>
        <Table<Row>
          aria-label={title}
          size="small"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={[...rows]}
          rowKey={rowKey}
          columns={columns}
        />
      </ScrollFocus>
    </Card>
  )
}
