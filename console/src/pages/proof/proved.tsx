/** What a proof found: the differences first, then the whole truth table, and the digest by which it is compared. */
import { Alert, Button, Card, Col, Flex, Row as Line, Segmented, Statistic } from 'antd'
import { useState } from 'react'
import { useApi } from '../../api/context.ts'
import { useFormats } from '../../i18n/format.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { useNames, type Names } from './names.ts'
import type { Plan, Result, Row } from './run-proof.ts'
import { Called, Caller, TruthTable } from './truth-table.tsx'
import { useProofText } from './texts.ts'

type Shown = 'all' | 'open' | 'closed'

export function Proved({ plan, result }: { readonly plan: Plan; readonly result: Result }) {
  const words = useProofText()
  const formats = useFormats()
  const names = useNames()
  const [shown, setShown] = useState<Shown>('all')
  const { differences, untried } = result
  const counts = [
    [words.probes, result.probes],
    [words.open, result.open],
    [words.differences, differences.length],
    [words.untried, untried],
  ] as const
  return (
    <>
      {differences.length > 0 ? (
        <>
          <Alert
            type="error"
            showIcon
            style={{ marginBottom: 16 }}
            title={words.differs(differences.length)}
            description={words.differsHint}
          />
          <Differences rows={differences} names={names} />
        </>
      ) : (
        <Alert
          type={untried > 0 ? 'warning' : 'success'}
          showIcon
          style={{ marginBottom: 16 }}
          title={untried > 0 ? words.late(untried) : words.proved}
        />
      )}
      <Card
        size="small"
        style={{ marginBottom: 16 }}
        title={formats.time(result.at)}
        extra={<Download result={result} />}
      >
        <Line gutter={[16, 16]}>
          {counts.map(([title, value]) => (
            <Col key={title} xs={12} md={6}>
              <Statistic title={title} value={value} />
            </Col>
          ))}
        </Line>
        <dl className="facts" style={{ marginTop: 16, gridTemplateColumns: '1fr' }}>
          <div>
            <dt>{words.digest}</dt>
            <dd data-digest={result.digest}>
              <Copyable text={result.digest} />
            </dd>
            <dd className="hint">{words.digestHint}</dd>
          </div>
        </dl>
      </Card>
      <Card
        size="small"
        title={words.table}
        extra={
          <Segmented
            size="small"
            aria-label={words.show}
            value={shown}
            onChange={setShown}
            options={(['all', 'open', 'closed'] as const).map((value) => ({
              value,
              label: words.shows[value],
            }))}
          />
        }
      >
        <TruthTable plan={plan} rows={result.rows} names={names} shown={shown} />
      </Card>
    </>
  )
}

function Differences({ rows, names }: { readonly rows: readonly Row[]; readonly names: Names }) {
  const words = useProofText()
  return (
    <PlainTable<Row>
      title={words.differences}
      rows={rows}
      rowKey={({ client, address, port }) => `${client} ${address} ${port}`}
      columns={[
        { title: words.client, render: (_, { client }) => <Caller names={names} client={client} /> },
        {
          title: words.address,
          render: (_, { client, address }) => <Called names={names} client={client} address={address} />,
        },
        { title: words.port, dataIndex: 'port' },
        { title: words.model, render: (_, { model }) => words.models[model] },
        {
          title: words.packet,
          render: (_, { probe }) => (
            <span className="state-bad">
              <span aria-hidden="true">▲ </span>
              {words.outcomes[probe]}
            </span>
          ),
        },
      ]}
    />
  )
}

function Download({ result }: { readonly result: Result }) {
  const words = useProofText()
  const { session, region } = useApi()
  const save = () => {
    const { generation, at, probes, open, untried, differences, digest, rows } = result
    const told = {
      account: session.account,
      at,
      generation,
      probes,
      open,
      untried,
      differences,
      digest,
      rows,
    }
    const url = URL.createObjectURL(
      new Blob([`${JSON.stringify(told, undefined, 1)}\n`], { type: 'application/json' }),
    )
    const link = document.createElement('a')
    link.href = url
    link.download = `postern-proof-${session.account}-${region}-${digest.slice(0, 12)}.json`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Flex>
      <Button size="small" onClick={save}>
        {words.download}
      </Button>
    </Flex>
  )
}
