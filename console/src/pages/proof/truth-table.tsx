/** From whom to where, a column for each port: open, closed, or other than the model says. */
import { Table } from 'antd'
import { ScrollFocus } from '../../ui/scroll-focus.tsx'
import type { Names } from './names.ts'
import type { Plan, Row } from './run-proof.ts'
import { useProofText } from './texts.ts'

interface Props {
  readonly plan: Plan
  readonly rows: readonly Row[]
  readonly names: Names
  readonly shown: 'all' | 'open' | 'closed'
}

interface Pair {
  readonly key: string
  readonly client: string
  readonly address: string
  readonly cells: ReadonlyMap<number, Row>
}

export function TruthTable({ plan, rows, names, shown }: Props) {
  const words = useProofText()
  const pairs = pairsOf(rows).filter(({ cells }) => {
    const open = [...cells.values()].some(({ probe }) => probe === 'open')
    return shown === 'all' || open === (shown === 'open')
  })
  return (
    <>
      <ul className="legend">
        {(['open', 'closed', 'either', 'differs'] as const).map((kind) => (
          <li key={kind}>
            <span aria-hidden="true" className={marks[kind].tone}>
              {marks[kind].sign}
            </span>{' '}
            {words.legend[kind]}
          </li>
        ))}
      </ul>
      <ScrollFocus>
        <Table<Pair>
          aria-label={words.table}
          size="small"
          dataSource={pairs}
          scroll={{ x: 'max-content' }}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            {
              title: words.client,
              render: (_, { client }) => <Caller names={names} client={client} />,
            },
            {
              title: words.address,
              render: (_, { client, address }) => <Called names={names} client={client} address={address} />,
            },
            ...plan.ports.map((port) => ({
              title: String(port),
              align: 'center' as const,
              render: (_: unknown, { cells }: Pair) => <Cell row={cells.get(port)} />,
            })),
          ]}
        />
      </ScrollFocus>
    </>
  )
}

type Kind = 'open' | 'closed' | 'either' | 'differs' | 'untried'

const marks: Readonly<Record<Kind, { readonly sign: string; readonly tone: string }>> = {
  open: { sign: '●', tone: 'state-good' },
  closed: { sign: '○', tone: 'state-plain' },
  either: { sign: '◌', tone: 'state-plain' },
  differs: { sign: '▲', tone: 'state-bad' },
  untried: { sign: '–', tone: 'state-plain' },
}

function kindOf({ model, probe }: Row): Kind {
  if (probe === 'untried') return 'untried'
  if (model !== 'either' && (model === 'open') !== (probe === 'open')) return 'differs'
  if (probe === 'open') return 'open'
  return model === 'either' ? 'either' : 'closed'
}

function Cell({ row }: { readonly row: Row | undefined }) {
  const words = useProofText()
  if (!row) return <>–</>
  const kind = kindOf(row)
  const said = `${words.outcomes[row.probe]}${kind === 'differs' ? ` (${words.model}: ${words.models[row.model]})` : ''}`
  return (
    <span
      className={marks[kind].tone}
      role="img"
      aria-label={said}
      title={said}
      data-cell={`${row.client} ${row.address} ${row.port}`}
      data-kind={kind}
    >
      {marks[kind].sign}
    </span>
  )
}

export function Caller({ names, client }: { readonly names: Names; readonly client: string }) {
  return <Named name={names.instance(client) ?? client} id={client} />
}

interface CalledProps {
  readonly names: Names
  readonly client: string
  readonly address: string
}

export function Called({ names, client, address }: CalledProps) {
  const words = useProofText()
  const { names: found, elsewhere } = names.address(client, address)
  const name = found.join(', ')
  return <Named name={name && elsewhere ? words.elsewhere(name) : name} id={address} />
}

function Named({ name, id }: { readonly name: string; readonly id: string }) {
  return (
    <div style={{ lineHeight: 1.35, whiteSpace: 'nowrap' }}>
      <div>{name}</div>
      <span className="mono hint">{id}</span>
    </div>
  )
}

function pairsOf(rows: readonly Row[]): readonly Pair[] {
  const pairs = new Map<string, { client: string; address: string; cells: Map<number, Row> }>()
  for (const row of rows) {
    const key = `${row.client} ${row.address}`
    const pair = pairs.get(key) ?? { client: row.client, address: row.address, cells: new Map<number, Row>() }
    pair.cells.set(row.port, row)
    pairs.set(key, pair)
  }
  return [...pairs].map(([key, pair]) => ({ key, ...pair }))
}
