/** The set-up at a glance: every node leads to its page, a wire moves while it carries traffic. */
import { Link } from 'react-router'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths, type Paths } from '../../paths.ts'
import { toneOf, type Tone } from '../../ui/state.tsx'
import {
  eniHeight,
  heightOf,
  nodeWidth,
  type Edge,
  type Eni,
  type Node,
  type Picture as Drawn,
} from './layout.ts'

const shapes: Readonly<Record<Tone, string>> = { good: '●', wait: '◐', bad: '▲', plain: '○' }

export function Picture({ drawn }: { readonly drawn: Drawn }) {
  const t = useText()
  const paths = usePaths()
  return (
    <svg
      viewBox={`-4 -4 ${drawn.width + 8} ${drawn.height + 8}`}
      role="group"
      aria-label={t.overview.picture}
      style={{ width: '100%', minWidth: 720, maxHeight: '72vh' }}
    >
      {drawn.boxes.map((box) => (
        <g key={box.id}>
          <rect
            x={box.x}
            y={box.y}
            width={box.width}
            height={box.height}
            rx="8"
            fill="var(--soft)"
            stroke="var(--line)"
            strokeDasharray="6 4"
          />
          <Link to={paths.vpc(box.id)} aria-label={`${t.vpc.vpc} ${box.name} ${box.cidr}`}>
            <text x={box.x + 14} y={box.y + 25} fontSize="14" fontWeight="600" fill="var(--ink)">
              {box.name}
              <tspan fill="var(--dim)" fontWeight="400">
                {`  ${box.cidr}`}
              </tspan>
            </text>
          </Link>
        </g>
      ))}
      {drawn.edges.map((edge) => (
        <Line key={edge.id} edge={edge} />
      ))}
      {drawn.nodes.map((node) => (
        <Shape key={node.id} node={node} to={pathOf(node, paths)} />
      ))}
    </svg>
  )
}

function pathOf({ kind, id }: Node, paths: Paths): string | undefined {
  switch (kind) {
    case 'instance':
      return paths.instance(id)
    case 'endpoint':
      return paths.endpoint(id)
    case 'balancer':
      return paths.loadBalancer(id)
    case 'networkBalancer':
      return paths.networkBalancer(id)
    case 'service':
      return `${paths.service(id)}?tab=connections`
    case 'foreign':
      return undefined
  }
}

const radius: Readonly<Record<Node['kind'], number>> = {
  instance: 4,
  endpoint: 14,
  balancer: 4,
  networkBalancer: 4,
  service: 26,
  foreign: 14,
}

function Shape({ node, to }: { readonly node: Node; readonly to: string | undefined }) {
  const t = useText()
  const tone = toneOf(node.state)
  const words: Readonly<Record<string, string>> = t.states
  const state = words[node.state.toLowerCase()] ?? node.state
  const kind = t.overview.kinds[node.kind]
  const [first, ...others] = node.enis
  const drawing = (
    <>
      <rect
        x={node.x}
        y={node.y}
        width={nodeWidth}
        height={heightOf(node)}
        rx={radius[node.kind]}
        fill="var(--paper)"
        stroke={`var(--${tone})`}
        strokeWidth={node.kind === 'balancer' || node.kind === 'networkBalancer' ? 3 : 1.6}
        strokeDasharray={node.kind === 'foreign' ? '4 3' : undefined}
      >
        <title>{`${kind} ${node.name} (${node.id}): ${state}`}</title>
      </rect>
      <text x={node.x + 14} y={node.y + 21} fontSize="13" fill="var(--ink)">
        <tspan role="img" aria-label={state} fill={`var(--${tone})`}>
          {`${shapes[tone]} `}
        </tspan>
        {short(node.name, 20)}
      </text>
      <text x={node.x + 14} y={node.y + 39} fontSize="11" fill="var(--dim)">
        {short([kind, node.detail].filter(Boolean).join(' · '), 27)}
        {first && ' · '}
        {first && <EniMark eni={first} />}
      </text>
      {others.map((eni, place) => (
        <text
          key={eni.id}
          x={node.x + 14}
          y={node.y + 39 + (place + 1) * eniHeight}
          fontSize="11"
          fill="var(--dim)"
        >
          <EniMark eni={eni} />
        </text>
      ))}
    </>
  )
  if (to === undefined) return <g>{drawing}</g>
  return (
    <Link to={to} data-node={node.id} data-state={node.state}>
      {drawing}
    </Link>
  )
}

/** A small square in the colour of its state, and the address by which it is reached. */
function EniMark({ eni }: { readonly eni: Eni }) {
  const t = useText()
  const words: Readonly<Record<string, string>> = t.states
  const state = words[eni.state.toLowerCase()] ?? eni.state
  return (
    <tspan data-eni={eni.id}>
      <title>{`${t.common.eni} ${eni.id} (${eni.zone}): ${state}`}</title>
      <tspan role="img" aria-label={`${t.common.eni}: ${state}`} fill={`var(--${toneOf(eni.state)})`}>
        {'■ '}
      </tspan>
      {eni.address}
    </tspan>
  )
}

function Line({ edge }: { readonly edge: Edge }) {
  const formats = useFormats()
  const { from, to, wire, bitsPerSecond, state } = edge
  const tone = toneOf(state)
  const [x1, y1] = [from.x + nodeWidth, from.y + heightOf(from) / 2]
  const [x2, y2] = [to.x, to.y + heightOf(to) / 2]
  const bend = (x2 - x1) / 2
  const path = `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`
  const open = tone === 'good'
  return (
    <g data-edge={edge.id} data-state={state} data-traffic={bitsPerSecond > 0 ? 'moving' : 'quiet'}>
      <path
        d={path}
        fill="none"
        stroke={`var(--${tone})`}
        strokeWidth={wire && open ? 4 : 1.8}
        strokeDasharray={open ? undefined : '3 6'}
        strokeOpacity={wire && open ? 0.35 : 1}
      />
      {wire && open && bitsPerSecond > 0 && (
        <path
          className="traffic"
          d={path}
          fill="none"
          stroke={`var(--${tone})`}
          strokeWidth="2"
          strokeDasharray="6 6"
          style={{ animationDuration: `${paceOf(bitsPerSecond)}s` }}
        />
      )}
      {bitsPerSecond > 0 && (
        <text
          x={(x1 + x2) / 2}
          y={(y1 + y2) / 2 - 8}
          fontSize="11"
          textAnchor="middle"
          fill="var(--ink)"
          stroke="var(--paper)"
          strokeWidth="4"
          paintOrder="stroke"
        >
          {formats.bitRate(bitsPerSecond)}
        </text>
      )}
    </g>
  )
}

/** Seconds for the distance of four dashes: from 2 at a few bits a second to 0.3 at a gigabit. */
function paceOf(bitsPerSecond: number): number {
  return Math.max(0.3, 2 - 0.19 * Math.log10(Math.max(1, bitsPerSecond)))
}

/** Cut to what fits: Chinese characters are twice as wide as Latin ones. */
function short(text: string, width: number): string {
  let used = 0
  const fitting = Array.from(text).filter(
    (character) => (used += /\p{Script=Han}/u.test(character) ? 2 : 1) < width,
  )
  return used < width ? text : `${fitting.join('')}…`
}
