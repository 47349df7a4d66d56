/** A line chart of a few series over time, with the values under the pointer and as a table for screen readers. */
import { useState } from 'react'
import { useFormats } from '../../i18n/format.ts'

export type Unit = 'bit/s' | 'packet/s' | 'connection/s' | 'count'

export interface Series {
  readonly name: string
  /** Time in milliseconds, and value. */
  readonly points: readonly (readonly [number, number])[]
}

interface Props {
  readonly label: string
  readonly unit: Unit
  readonly series: readonly Series[]
  /** The time that is shown, however little of it was measured. */
  readonly startMs: number
  readonly endMs: number
}

const width = 640
const height = 220
const left = 78
const bottom = 24
const top = 10
const colours = ['var(--accent)', 'var(--wait)']
const dashes = ['', '5 3']

export function Chart({ label, unit, series, startMs: start, endMs: end }: Props) {
  const formats = useFormats()
  const [pointed, setPointed] = useState<number>()
  const times = series.flatMap(({ points }) => points.map(([at]) => at))
  const values = series.flatMap(({ points }) => points.map(([, value]) => value))
  // Whole things are counted in whole steps.
  const highest = niceCeiling(Math.max(...values, unit === 'count' ? 4 : 2))
  const x = (at: number) => left + ((at - start) / Math.max(1, end - start)) * (width - left - 8)
  const y = (value: number) => height - bottom - (value / highest) * (height - bottom - top)
  const print = (value: number) => (unit === 'bit/s' ? formats.bitRate(value) : formats.number(value))
  const nearest = pointed === undefined ? undefined : nearestTo(times, start, end, pointed)
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${label}: ${series.map(({ name, points }) => `${name} ${print(points.at(-1)?.[1] ?? 0)}`).join(', ')}`}
        style={{ width: '100%', height: 'auto' }}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          setPointed(((event.clientX - box.left) / box.width) * width)
        }}
        onPointerLeave={() => setPointed(undefined)}
      >
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <g key={part}>
            <line
              x1={left}
              x2={width - 8}
              y1={y(highest * part)}
              y2={y(highest * part)}
              stroke="var(--line)"
            />
            <text x={left - 6} y={y(highest * part) + 4} textAnchor="end" fontSize="11" fill="var(--dim)">
              {print(highest * part)}
            </text>
          </g>
        ))}
        <text x={left} y={height - 6} fontSize="11" fill="var(--dim)">
          {formats.time(start)}
        </text>
        <text x={width - 8} y={height - 6} fontSize="11" textAnchor="end" fill="var(--dim)">
          {formats.time(end)}
        </text>
        {series.map(({ name, points }, index) => (
          <g key={name}>
            <polyline
              fill="none"
              stroke={colours[index % 2]}
              strokeDasharray={dashes[index % 2]}
              strokeWidth="1.8"
              points={points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
            />
            {points.slice(-1).map(([at, value]) => (
              <circle key={at} cx={x(at)} cy={y(value)} r="3" fill={colours[index % 2]} />
            ))}
          </g>
        ))}
        {nearest !== undefined && (
          <line
            x1={x(nearest)}
            x2={x(nearest)}
            y1={top}
            y2={height - bottom}
            stroke="var(--dim)"
            strokeDasharray="2 2"
          />
        )}
      </svg>
      <figcaption style={{ fontSize: 12, minHeight: 20 }}>
        {nearest !== undefined && <span style={{ marginInlineEnd: 12 }}>{formats.time(nearest)}</span>}
        {series.map(({ name, points }, index) => (
          <span key={name} style={{ marginInlineEnd: 12 }}>
            <span aria-hidden="true" style={{ color: colours[index % 2] }}>
              {index % 2 === 0 ? '━' : '╌'}{' '}
            </span>
            {name} {print(valueAt(points, nearest))}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

/** The next of these times a power of ten: a quarter of it has one digit behind the point at most. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function nearestTo(
  times: readonly number[],
  start: number,
  end: number,
  pointed: number,
): number | undefined {
  const at = start + ((pointed - left) / (width - left - 8)) * (end - start)
  return times.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at))[0]
}

function valueAt(points: Series['points'], at: number | undefined): number {
  return (points.find(([time]) => time === at) ?? points.at(-1))?.[1] ?? 0
}
