import { loads, type Load } from './load.ts'
import { pathKinds, type PathKind } from './paths.ts'
import { count, median, table } from './statistics.ts'

export interface Figure {
  readonly path: PathKind['id']
  readonly load: Load['id']
  readonly unit: string
  readonly samples: readonly number[]
  readonly median: number
  /** To the direct veth pair in the same run: the only figure that survives a noisy machine. */
  readonly ratio: number
}

/** Every round measures all paths one after the other, so that a slow minute slows all of them. */
export async function measureThroughput(
  folder: string,
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<Figure[]> {
  const samples = new Map<string, number[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const kind of pathKinds) {
      await using path = await kind.build(folder)
      for (const load of loads) {
        progress(`round ${round}/${rounds}: ${kind.title}, ${load.title}`)
        const key = `${kind.id} ${load.id}`
        const value = await load.run(path.client, path.host, seconds)
        samples.set(key, [...(samples.get(key) ?? []), value])
      }
    }
  }
  return pathKinds.flatMap((kind) =>
    loads.map((load) => {
      const own = samples.get(`${kind.id} ${load.id}`) ?? []
      const direct = samples.get(`direct ${load.id}`) ?? []
      return {
        path: kind.id,
        load: load.id,
        unit: load.unit,
        samples: own,
        median: median(own),
        ratio: median(own.map((value, round) => value / (direct[round] ?? Number.NaN))),
      }
    }),
  )
}

export function throughputTable(figures: readonly Figure[]): string {
  const rows = pathKinds.map((kind) => [
    kind.title,
    ...loads.map((load) => {
      const figure = figures.find(({ path, load: id }) => path === kind.id && id === load.id)
      if (!figure) return '-'
      const value = load.id === 'bulk' ? figure.median.toFixed(1) : count(figure.median)
      return `${value} (${figure.ratio.toFixed(2)})`
    }),
  ])
  return table([['path', ...loads.map((load) => `${load.title}, ${load.unit}`)], ...rows])
}
